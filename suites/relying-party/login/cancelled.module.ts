import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/cancelled',
  title: 'Le professionnel qui annule peut recommencer aussitôt',
  requirements: ['oidc-core@1.0/3.1.2.6-error', 'rfc6749@2012/4.1.2.1-errors'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  when: act('cancel'),
  variants: ['response-mode'],
  then: observed('cancel-explained', 'retry-possible'),
  catches: ['cancel-loops', 'no-retry-after-cancel'],
  anchors: ['RPB-35'],
  mend: 'Traitez error=access_denied comme un choix : dites-le, proposez de recommencer, et ne relancez pas seul la connexion.',
})
