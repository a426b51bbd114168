import { defineModule, login, refused } from '#core/module.ts'

/** One row a form that is not a subject: OpenID Connect Core 1.0 §2 wants a string that is not empty. */
export default defineModule({
  id: 'rp/id-token/malformed-subject',
  title: "Le connecteur refuse un jeton d'identité dont le sujet n'est pas une chaîne",
  requirements: ['oidc-core@1.0/2-sub', 'oidc-core@1.0/5.7-iss-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['accepts-malformed-sub'],
  anchors: ['RPN-11'],
  mend: 'Exigez que sub soit une chaîne non vide, et refusez toute autre forme.',
})
