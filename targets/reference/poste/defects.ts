import { HarnessError, nearest } from '#core/errors.ts'

/** Deviations of the client of the workstation, one each. An id that another reference has too names the same fault. */
export const POSTE_DEFECTS = {
  // The browser and the loopback listener (RFC 8252)
  'embedded-login': 'La page de connexion du fournisseur est chargée par le client lui-même, qui pourrait y lire ce que la personne saisit',
  'listens-everywhere': 'Le client écoute le retour sur toutes les adresses du poste, et non sur la seule boucle locale',
  'keeps-listening': "Le client continue d'écouter après avoir reçu le retour",
  'fixed-port': 'Le client écoute toujours sur le même port',
  'names-localhost': "L'adresse de retour nomme « localhost », qu'un poste peut résoudre autrement",
  'leaves-code-in-address': "La page de retour s'affiche sans redirection : le code reste dans la barre d'adresse",
  // The exchange
  'no-pkce': 'La demande ne porte pas de défi PKCE',
  'ignores-state': "Le state du retour n'est jamais comparé",
  'ignores-acr': "Le niveau (acr) n'est jamais contrôlé",
  // Who is let in, and out
  'auto-creates-unknown-user': "Un professionnel inconnu de l'annuaire est admis",
  'picks-first-exercise': 'Le premier exercice est pris sans demander',
  'local-logout-only': 'La déconnexion ne ferme que la session du client',
  'logout-keeps-session': 'La déconnexion laisse la session du client ouverte',
  'logout-without-hint': 'La demande de déconnexion ne porte pas id_token_hint',
  'never-answers': 'Le retour de connexion ne répond jamais',
  'always-refuses': 'Toute connexion est refusée',
} as const

export type PosteDefect = keyof typeof POSTE_DEFECTS

/**
 * Reads a list of defects, separated by commas, `+` or `|`.
 * @throws HarnessError UNKNOWN_ID with the nearest names
 */
export function parsePosteDefects(list: string): ReadonlySet<PosteDefect> {
  const names = list.split(/[\s,+|]+/).filter(Boolean)
  for (const name of names) {
    if (Object.hasOwn(POSTE_DEFECTS, name)) continue
    const close = nearest(name, Object.keys(POSTE_DEFECTS))
    throw new HarnessError('UNKNOWN_ID', `Défaut inconnu : « ${name} ».`, {
      fix: close.length > 0 ? `Vouliez-vous dire ${close.join(' ou ')} ?` : 'La liste est dans targets/reference/poste/defects.ts.',
    })
  }
  return new Set(names as PosteDefect[])
}
