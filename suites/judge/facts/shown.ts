import type { Fact } from '#core/module.ts'
import { type Check, last } from './check.ts'

/** What the professional reads. */
export const SHOWN_FACTS = {
  'text-escaped'(journal) {
    const expected = 'Le texte du fournisseur apparaît tel quel, ou pas du tout.'
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    return look.injected
      ? { expected, observed: 'La description de l’erreur est devenue du HTML dans la page du produit.', entries: [look.seq] }
      : undefined
  },

  'name-inert'(journal, { when }) {
    const expected = 'Le nom apparaît comme du texte, ou la connexion est refusée.'
    const look = last(journal, 'after-login')
    if (!look || look.signedIn === 'unreadable') return { expected, observed: "La page du produit n'a pas pu être lue.", unknown: true }
    if (look.injected) return { expected, observed: 'Le nom est devenu du HTML dans la page du produit.', entries: [look.seq] }
    // 7 × 191: what a template would make of the mark that the name carries.
    if (look.text.includes('1337')) return { expected, observed: 'Le gabarit que porte le nom a été calculé.', entries: [look.seq] }
    if (look.signedIn !== null && look.signedIn !== when.persona)
      return { expected, observed: 'Une autre identité est connectée.', entries: [look.seq] }
    return undefined
  },

  'full-name-shown'(journal, { when }, { fullNames }) {
    const name = fullNames.get(when.persona) ?? ''
    const expected = `Le nom « ${name} » est montré en entier, accents compris.`
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    return look.text.includes(name)
      ? undefined
      : { expected, observed: 'Le nom transmis par le fournisseur ne figure pas tel quel dans la page.', entries: [look.seq] }
  },
} satisfies Partial<Record<Fact, Check>>
