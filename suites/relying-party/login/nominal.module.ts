import { accepted, defineModule, login } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/nominal',
  title: 'Un professionnel se connecte par Pro Santé Connect',
  requirements: [
    'hospiconnect@alpha/2.1-cible2-connecteur',
    'hospiconnect@alpha/2.1-cible2-acf',
    'hospiconnect@alpha/3.1-cible2-delegation',
    'hospiconnect@alpha/3.3-oidc',
    'psc@2026-11/identity-pivot',
  ],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  when: login(),
  variants: ['client-authentication', 'response-mode', 'signature'],
  then: accepted(),
  catches: ['always-refuses'],
  anchors: ['RPB-01', 'RPB-12', 'RPN-33'],
  mend: "Suivez l'échange enregistré : la première étape absente ou en erreur est celle à corriger.",
})
