import { defineModule, observed, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/crossed',
  title: "L'approbation d'une demande ne connecte pas un autre poste",
  requirements: ['psc@2026-11/ciba-one-screen'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('crossed', { answer: 'never' }),
  then: observed('not-crossed'),
  exclusive: 'persona',
  catches: ['phone-answer-for-anybody'],
  anchors: ['CIB-16'],
  mend: "Liez la demande au navigateur qui l'a faite, et gardez auth_req_id sur le serveur.",
})
