import { defineModule, login, refused } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/duplicate-subject',
  title: 'Le connecteur refuse un jeton dont le sujet figure deux fois, le second étranger',
  requirements: ['rfc7519@2015/4-duplicates', 'oidc-core@1.0/5.3.2-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.duplicateSubject()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['first-duplicate-wins'],
  anchors: ['RPN-37'],
  mend: 'Employez un lecteur JSON qui refuse les doublons ou garde le dernier, partout le même.',
})
