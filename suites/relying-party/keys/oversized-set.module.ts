import { defineModule, login, refused } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/keys/oversized-set',
  title: "Un jeu de clés démesuré n'est pas lu jusqu'au bout",
  requirements: ['psc@2026-11/keys-bounded'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  faults: { op: [keys.oversized(), keys.announced(), keys.signsWithNext()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  exclusive: 'simulator',
  catches: ['reads-without-limit'],
  anchors: ['DSK-11'],
  mend: 'Bornez la taille des réponses du fournisseur, un mégaoctet par exemple, et refusez au-delà.',
})
