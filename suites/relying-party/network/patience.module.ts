import { accepted, defineModule, login } from '#core/module.ts'

/** A second of waiting is ordinary for a provider under load. */
export default defineModule({
  id: 'rp/network/patience',
  title: 'Un fournisseur un peu lent est attendu',
  requirements: ['psc@2026-11/answer-time'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['impatient'],
  anchors: ['TKE-05'],
  mend: 'Laissez au fournisseur quelques secondes : une à deux sont ordinaires aux heures de relève.',
})
