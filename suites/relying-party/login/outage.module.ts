import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/outage',
  title: 'Après une coupure du fournisseur, le connecteur revient à la normale',
  requirements: ['psc@2026-11/outage', 'rfc6749@2012/5.2-error', 'oidc-core@1.0/3.1.3.4-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  when: act('outage'),
  then: observed('recovers'),
  exclusive: 'simulator',
  catches: ['stuck-after-outage'],
  anchors: ['TKE-04', 'DSK-09'],
  mend: "Ne gardez pas en mémoire l'échec d'un appel arrière ; refaites l'appel à la connexion suivante.",
})
