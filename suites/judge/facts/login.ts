import { observationsAt, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { type Check, last, signedInAt } from './check.ts'

/** Signing in and what goes wrong on the way. */
export const LOGIN_FACTS = {
  'cancel-explained'(journal, _module, { walletOrigin }) {
    const expected = 'Après une annulation, le produit le dit, sans ouvrir de session ni relancer seul la connexion.'
    const look = last(journal, 'after-cancel')
    if (!look) return { expected, observed: "La page qui suit l'annulation n'a pas été lue.", unknown: true }
    if (look.url.startsWith(walletOrigin))
      return { expected, observed: 'Le produit a relancé de lui-même la connexion annulée.', entries: [look.seq] }
    if (look.signedIn === 'unreadable')
      return { expected, observed: "La page qui suit l'annulation ne dit pas si quelqu'un est connecté.", entries: [look.seq], unknown: true }
    if (look.signedIn !== null) return { expected, observed: "Une session est ouverte après l'annulation.", entries: [look.seq] }
    if (look.text.trim().length < 15) return { expected, observed: "La page qui suit l'annulation est vide.", entries: [look.seq] }
    return undefined
  },

  'retry-possible': (journal, { when }) =>
    signedInAt(journal, 'after-retry', when.persona, 'Le professionnel peut recommencer aussitôt et se connecter.'),

  recovers(journal, { when }) {
    const expected = 'Quand le fournisseur répond de nouveau, la connexion aboutit.'
    if (of(journal, 'fault-delivered').length === 0)
      return { expected, observed: "Le produit n'a pas rencontré la coupure : aucun appel n'a été refusé.", unknown: true }
    return signedInAt(journal, 'after-retry', when.persona, expected)
  },

  'one-identity'(journal, { when }) {
    const expected = 'Dans les deux onglets, on ne voit que le professionnel qui s’est connecté.'
    const looks = [...observationsAt(journal, 'after-login'), ...observationsAt(journal, 'protected-page')]
    const stranger = looks.find(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable' && signedIn !== when.persona)
    if (stranger) return { expected, observed: 'Un onglet montre une autre identité.', entries: [stranger.seq] }
    if (looks.some(({ signedIn }) => signedIn === 'unreadable'))
      return { expected, observed: 'Un onglet ne dit pas qui est connecté.', unknown: true }
    if (looks.length < 3) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Un onglet n'a pas pu être lu.", unknown: true }
    if (looks.at(-1)?.signedIn !== when.persona)
      return { expected, observed: 'Après deux connexions en parallèle, plus personne n’est connecté.', entries: looks.map(({ seq }) => seq) }
    return undefined
  },

  'exercise-offered'(journal) {
    const expected = 'Le professionnel choisit lui-même entre ses exercices.'
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    if ((look.exercises?.length ?? 0) >= 2) return undefined
    return { expected, observed: 'Aucun choix n’a été proposé alors que le professionnel a plusieurs exercices.', entries: [look.seq] }
  },
} satisfies Partial<Record<Fact, Check>>
