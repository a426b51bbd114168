import { defineModule, observed, scenario } from '#core/module.ts'

/** One row a protection; only cookies on which the session really depends are judged. */
export default defineModule({
  id: 'rp/session/cookie',
  title: 'Le cookie de session est protégé',
  requirements: ['psc@2026-11/session-cookie'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'inspect-cookies' }]),
  then: observed('cookie-secure'),
  catches: [],
  anchors: ['RPA-41'],
  mend: 'Posez le cookie de session avec Secure, HttpOnly et SameSite=Lax, sans Domain.',
})
