import { defineModule, login, refused } from '#core/module.ts'

/** The last of two is the faulty one: RFC 7519 §4 lets a client refuse the token or read the last, not the first. */
export default defineModule({
  id: 'rp/id-token/duplicate-claim',
  title: 'Le connecteur refuse un jeton où une revendication figure deux fois, la seconde fausse',
  requirements: ['rfc7519@2015/4-duplicates'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['first-duplicate-wins'],
  anchors: ['RPN-37'],
  mend: 'Employez un lecteur JSON qui refuse les doublons ou garde le dernier, partout le même.',
})
