import { defineModule, login, refused } from '#core/module.ts'

/** The hostile key is sound; only where it comes from is wrong. The address that tokens name writes down who calls it. */
export default defineModule({
  id: 'rp/id-token/key-in-header',
  title: "Le connecteur n'emploie pas la clé que le jeton porte ou désigne",
  requirements: ['psc@2026-11/signature-verified', 'oidc-core@1.0/2-header-keys', 'psc@2026-11/no-outbound-request'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'], also: ['no-outbound-request'] }),
  catches: ['ignores-signature'],
  anchors: ['RPA-13'],
  mend: "Ne vérifiez qu'avec les clés de jwks_uri, choisies par kid ; ignorez jwk, jku, x5u et x5c, et n'appelez aucune adresse que porte un jeton.",
})
