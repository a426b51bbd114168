import { accepted, defineModule, login } from '#core/module.ts'

/** Public samples over the years carried other levels than the one that was asked. */
export default defineModule({
  id: 'rp/level/higher',
  title: 'Un niveau supérieur à celui demandé est accepté',
  requirements: ['psc@2026-11/acr-higher'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['rejects-higher-acr'],
  anchors: ['RPN-53'],
  mend: "Comparez les niveaux par ordre (eidas1 < eidas2 < eidas3) au lieu d'exiger l'égalité.",
})
