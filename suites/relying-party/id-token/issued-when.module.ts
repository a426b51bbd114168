import { defineModule, login, refused } from '#core/module.ts'

/** OpenID Connect Core 1.0 §3.1.3.7-10 lets a client refuse such tokens; the house recommends it: a token that answers a request was issued in these minutes. */
export default defineModule({
  id: 'rp/id-token/issued-when',
  title: 'Le connecteur refuse un jeton émis trop loin du moment présent',
  requirements: ['psc@2026-11/token-recent', 'oidc-core@1.0/3.1.3.7-10'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-iat-age'],
  anchors: ['RPN-14'],
  mend: "Comparez iat à l'heure courante : quelques minutes d'âge, et jamais dans le futur.",
})
