import { defineModule, login, refused } from '#core/module.ts'
import { idToken, tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/subject-in-header',
  title: "Le connecteur refuse un jeton dont le sujet n'est que dans l'en-tête",
  requirements: ['oidc-core@1.0/2-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingSubject(), tokenForm.subjectInHeader()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['reads-header-claims', 'ignores-missing-sub'],
  anchors: ['RPA-07'],
  mend: "Ne lisez l'identité que dans le contenu du jeton, jamais dans son en-tête.",
})
