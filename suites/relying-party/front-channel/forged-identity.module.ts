import { defineModule, observed, scenario } from '#core/module.ts'

/** One row a header; each names the professional of the trial. */
export default defineModule({
  id: 'rp/front-channel/forged-identity',
  title: 'Les en-têtes d’identité d’un mandataire, envoyés par le navigateur, ne connectent personne',
  requirements: ['psc@2026-11/forged-headers'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'visit' }]),
  then: observed('nobody-let-in'),
  catches: [],
  anchors: ['RPA-35'],
  mend: 'Retirez ces en-têtes à l’entrée, ou n’en tenez aucun compte.',
})
