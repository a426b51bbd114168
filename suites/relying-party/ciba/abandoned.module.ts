import { defineModule, observed, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/abandoned',
  title: "Une approbation qui arrive après l'abandon de l'écran n'ouvre pas de session",
  requirements: ['psc@2026-11/ciba-one-screen'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('abandoned', { answer: 'never' }),
  then: observed('screen-stays-closed'),
  exclusive: 'persona',
  catches: ['polls-behind-the-screen'],
  anchors: ['CIB-15'],
  mend: "N'ouvrez la session que sur l'écran qui attend encore ; abandonnez la demande quand il est quitté.",
})
