import { defineModule, observed, scenario } from '#core/module.ts'

/** A login that somebody else starts, one row each. */
export default defineModule({
  id: 'rp/front-channel/third-party-login',
  title: 'Une connexion lancée par un tiers reste chez le fournisseur connu et dans le produit',
  requirements: ['oidc-core@1.0/4-initiate'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'third-party-login'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'start-from-elsewhere' }, { step: 'answer' }, { step: 'look', moment: 'after-login' }]),
  then: observed('stays-home'),
  catches: [],
  anchors: ['RPB-28'],
  mend: 'Comparez iss au fournisseur connu avant tout appel, et contrôlez target_link_uri comme toute page de retour.',
})
