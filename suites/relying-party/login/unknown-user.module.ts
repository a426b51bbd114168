import { defineModule, login, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/unknown-user',
  title: "Un professionnel inconnu de l'annuaire local est refusé, sans création de compte",
  requirements: ['psc@2026-11/refusal-intelligible', 'psc@2026-11/user-unknown'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'local-directory'] },
  control: 'rp/login/nominal',
  when: login({ persona: 'inconnu' }),
  then: refused({ leaving: ['no-session'] }),
  catches: ['auto-creates-unknown-user', 'matches-by-name', 'session-before-refusal'],
  anchors: ['RPB-43'],
  mend: "Cherchez l'identifiant national dans l'annuaire local ; s'il n'y est pas, refusez et dites à qui s'adresser, sans créer de compte ni rapprocher par le nom.",
})
