import { defineModule, refused, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/session/no-loop',
  title: 'Après une erreur du fournisseur, le produit s’arrête',
  requirements: ['psc@2026-11/no-login-loop', 'oidc-core@1.0/3.1.2.6-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'start' },
    { step: 'answer' },
    { step: 'look', moment: 'after-login' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'], also: ['no-loop'] }),
  catches: ['error-loops'],
  anchors: ['RPB-36'],
  mend: 'Montrez un message et un bouton pour recommencer ; ne relancez jamais seul une connexion qui vient d’échouer.',
})
