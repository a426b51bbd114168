import { accepted, defineModule, scenario } from '#core/module.ts'

/** One row a header. */
export default defineModule({
  id: 'rp/front-channel/forged-address',
  title: 'Les en-têtes d’un mandataire, envoyés par le navigateur, ne changent pas l’adresse de retour',
  requirements: ['psc@2026-11/forged-headers'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }]),
  then: accepted(),
  catches: [],
  anchors: ['RPA-35'],
  mend: 'Bâtissez vos adresses sur votre configuration ; n’écoutez ces en-têtes que d’un mandataire connu, qui les remplace.',
})
