import { defineModule, login, refused } from '#core/module.ts'

/** A professional without an account presents what belongs to another one, who has one: only the agreed identifier, the signed one, may decide. */
export default defineModule({
  id: 'rp/userinfo/foreign-identity',
  title: 'Aucune donnée du UserInfo autre que l’identifiant convenu ne rattache à un compte',
  requirements: ['psc@2026-11/identity-pivot'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'local-directory'] },
  control: 'rp/login/nominal',
  when: login({ persona: 'inconnu' }),
  then: refused({ leaving: ['no-session'] }),
  catches: ['matches-by-name'],
  anchors: ['RPA-04'],
  mend: "Rattachez le compte par l'identifiant national du jeton signé, le même dans UserInfo ; jamais par un nom, un courriel ou un identifiant annexe.",
})
