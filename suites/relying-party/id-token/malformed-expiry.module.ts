import { defineModule, login, refused } from '#core/module.ts'

/** One row a value that is no date: RFC 7519 §2 wants a number of seconds. */
export default defineModule({
  id: 'rp/id-token/malformed-expiry',
  title: "Le connecteur refuse une expiration qui n'est pas une date",
  requirements: ['rfc7519@2015/2-numeric-date', 'oidc-core@1.0/3.1.3.7-9'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['coerces-exp', 'ignores-exp'],
  anchors: ['RPN-18'],
  mend: 'Exigez que exp soit un nombre, dans le futur et à portée raisonnable.',
})
