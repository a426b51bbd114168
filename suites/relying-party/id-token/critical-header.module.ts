import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to declare an extension critical, in a token that is well signed (RFC 7515 §4.1.11). */
export default defineModule({
  id: 'rp/id-token/critical-header',
  title: "Le connecteur refuse une extension critique qu'il ne connaît pas",
  requirements: ['rfc7515@2015/4.1.11-crit'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-crit', 'ignores-signature'],
  anchors: ['RPN-36'],
  mend: "Refusez tout jeton dont crit nomme un membre que vous ne traitez pas, ou n'est pas une liste de noms.",
})
