import { accepted, defineModule, login } from '#core/module.ts'

/** OpenID Connect Core 1.0 §5.6.2: claims of another source, which nobody agreed upon. */
export default defineModule({
  id: 'rp/tolerance/claims-elsewhere',
  title: 'Des données agrégées ou distribuées ne sont ni crues ni cherchées',
  requirements: ['psc@2026-11/claims-elsewhere'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted({ also: ['redirect-not-followed'] }),
  catches: ['merges-aggregated-claims'],
  anchors: ['RPB-26'],
  mend: "Ignorez _claim_names et _claim_sources : le profil de Pro Santé Connect ne s'en sert pas.",
})
