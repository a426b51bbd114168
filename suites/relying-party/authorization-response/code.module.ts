import { defineModule, login, refused } from '#core/module.ts'

/** RFC 6749 §3.1: a parameter without a value is an absent one, and none stands twice. */
export default defineModule({
  id: 'rp/authorization-response/code',
  title: 'Un code absent, vide ou en double ne mène à aucun échange',
  requirements: ['oidc-core@1.0/3.1.2.7-validation'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['sends-any-code'],
  anchors: ['RPN-48'],
  mend: 'Avant tout appel, exigez un code unique et non vide ; sinon refusez et proposez de recommencer.',
})
