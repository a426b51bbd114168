import { accepted, defineModule, login } from '#core/module.ts'

/** One row a form that RFC 6749 §5.1 and HTTP allow. */
export default defineModule({
  id: 'rp/tolerance/token-answer',
  title: 'Les écritures permises de la réponse de jeton sont acceptées',
  requirements: ['rfc6749@2012/5.1-token-type'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['requires-every-token-member'],
  anchors: ['RPB-16'],
  mend: 'Lisez la réponse selon ses en-têtes HTTP, et ne comptez que sur les membres obligatoires.',
})
