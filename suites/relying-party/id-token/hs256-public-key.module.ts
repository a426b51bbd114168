import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to write the public key, or a part of it, as the bytes of a secret. */
export default defineModule({
  id: 'rp/id-token/hs256-public-key',
  title: 'Le connecteur ne prend pas la clé publique pour un secret partagé',
  requirements: ['psc@2026-11/algorithm-pinned'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['accepts-hs256-public-key', 'ignores-signature'],
  anchors: ['RPA-21'],
  mend: 'Fixez l’algorithme attendu, et ne donnez jamais une clé publique à une vérification HMAC.',
})
