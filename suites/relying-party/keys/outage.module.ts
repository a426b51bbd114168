import { defineModule, logins, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/keys/outage',
  title: 'Après une panne des clés du fournisseur, le connecteur revient à la normale',
  requirements: ['psc@2026-11/outage'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  when: logins(2, { sameBrowser: true }),
  then: observed('recovers-by-itself'),
  exclusive: 'simulator',
  catches: ['stuck-after-outage'],
  anchors: ['DSK-09'],
  mend: "Ne gardez pas en mémoire l'échec de la lecture des clés ; refaites-la à la connexion suivante.",
})
