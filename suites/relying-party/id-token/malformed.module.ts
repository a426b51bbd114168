import { defineModule, login, refused } from '#core/module.ts'

/** One row a form that is no signed token: RFC 7515 §7.1 knows three parts of base64url and nothing else. */
export default defineModule({
  id: 'rp/id-token/malformed',
  title: 'Le connecteur refuse un jeton mal formé',
  requirements: ['rfc7515@2015/5.2-compact', 'psc@2026-11/signature-verified'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['lenient-compact-parsing'],
  anchors: ['RPN-38'],
  mend: 'Découpez le jeton en trois parties exactement, décodez-les strictement, et refusez le reste sans chercher à comprendre.',
})
