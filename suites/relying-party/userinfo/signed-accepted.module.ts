import { accepted, defineModule, login } from '#core/module.ts'

/** The signed form of OpenID Connect Core 1.0 §5.3.2. */
export default defineModule({
  id: 'rp/userinfo/signed-accepted',
  title: 'Un UserInfo signé est vérifié puis lu',
  requirements: ['oidc-core@1.0/5.3.2-signed'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'signed-userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['rejects-signed-userinfo'],
  anchors: ['RPB-24'],
  mend: 'Quand UserInfo arrive en application/jwt, vérifiez sa signature avec les clés publiées, puis lisez-en les données.',
})
