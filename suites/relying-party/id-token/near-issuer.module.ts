import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to be almost the issuer: OpenID Connect Core 1.0 §3.1.3.7-2 wants the same, character by character. */
export default defineModule({
  id: 'rp/id-token/near-issuer',
  title: 'Le connecteur refuse un émetteur presque identique au sien',
  requirements: ['oidc-core@1.0/3.1.3.7-2', 'oidc-core@1.0/2-iss'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['compares-iss-loosely', 'ignores-iss'],
  anchors: ['RPN-04'],
  mend: "Comparez iss à l'émetteur convenu par une égalité de chaînes, sans rien normaliser.",
})
