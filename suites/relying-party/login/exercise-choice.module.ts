import { accepted, defineModule, login } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/exercise-choice',
  title: 'Le professionnel qui a plusieurs exercices choisit lui-même lequel',
  requirements: ['psc@2026-11/exercise-choice'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'exercise-choice'] },
  control: 'rp/login/nominal',
  when: login({ persona: 'deux-exercices' }),
  then: accepted({ also: ['exercise-offered'] }),
  catches: ['picks-first-exercise'],
  anchors: ['RPB-21'],
  mend: "Lisez tous les exercices et toutes les activités de SubjectRefPro, et proposez le choix avant d'ouvrir la session.",
})
