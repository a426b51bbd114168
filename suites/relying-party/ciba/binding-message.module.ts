import { defineModule, observed, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/binding-message',
  title: "Le code envoyé au téléphone change d'une demande à l'autre",
  requirements: ['psc@2026-11/ciba-binding-digits'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('thrice', { answer: 'never' }),
  then: observed('binding-varies'),
  exclusive: 'persona',
  catches: ['fixed-binding-message'],
  anchors: ['CIB-13'],
  mend: 'Tirez deux chiffres au hasard à chaque demande.',
})
