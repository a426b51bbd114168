import { observationsAt } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/clean-address',
  title: 'Après la connexion, l’adresse affichée ne porte plus ni code ni state',
  requirements: ['rfc9700@2025/4.3-history'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['leaves-code-in-address'],
  anchors: ['RPA-32'],
  mend: 'Terminez le retour par une redirection vers une page sans ces paramètres.',
  judge(journal) {
    const looks = observationsAt(journal, 'after-login').filter(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable')
    if (looks.length === 0) return null
    return looks
      .filter(({ url }) => /[?&#](code|state)=/.test(url))
      .map(({ seq }) => ({
        expected: 'Une adresse sans code ni state.',
        observed: 'La page de la session ouverte garde code ou state dans son adresse.',
        entries: [seq],
      }))
  },
})
