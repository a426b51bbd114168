import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/other-browser',
  title: "Le connecteur refuse la réponse d'une connexion commencée dans un autre navigateur",
  requirements: ['rfc9700@2025/4.7-csrf', 'rfc9700@2025/4.5-code-injection', 'rfc6749@2012/10.12-csrf'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.held()] },
  when: login({ carriedOver: true }),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['state-not-bound-to-browser', 'ignores-state'],
  anchors: ['RPN-43', 'RPA-27'],
  mend: 'Liez chaque demande à la session du navigateur qui l’a commencée, et non à une table commune.',
})
