import { HarnessError, nearest } from '#core/errors.ts'

/** What is wrong with the page's part of the exchange. An id that the reference DPI has too names the same fault. */
const PROTOCOL = {
  // Authorization request
  'no-nonce': 'La demande ne porte pas de nonce',
  'no-pkce': 'La demande ne porte pas de défi PKCE',
  'no-acr-values': 'La demande ne porte pas de niveau (acr_values)',
  // Authorization response
  'ignores-state': "Le state du retour n'est jamais comparé : la dernière demande de l'onglet fait l'affaire",
  'ignores-response-iss': "L'émetteur (iss) du retour n'est jamais comparé, comme la bibliothèque le fait d'elle-même",
  'ignores-missing-response-iss': "Un retour sans iss est accepté alors que le fournisseur l'annonce",
  // ID token: what the library leaves to the application
  'ignores-signature': "La signature du jeton d'identité n'est pas vérifiée, comme la bibliothèque le fait d'elle-même",
  'ignores-missing-id-token': "Sans jeton d'identité, l'identité est lue dans le seul UserInfo",
  'ignores-iss': "L'émetteur (iss) n'est pas contrôlé",
  'ignores-aud': "L'audience (aud) n'est pas contrôlée",
  'ignores-multiple-aud': 'Une audience (aud) qui nomme un second client est acceptée',
  'ignores-azp': "La partie autorisée (azp) n'est pas contrôlée",
  'ignores-exp': "L'expiration (exp) n'est pas contrôlée",
  'ignores-nonce': "Le nonce n'est jamais comparé",
  'accepts-malformed-sub': 'Un sujet (sub) vide, trop long ou qui n’est pas un texte est accepté',
  'ignores-acr': "Le niveau (acr) n'est jamais contrôlé",
  'accepts-missing-acr': 'Un niveau (acr) absent est accepté',
  'accepts-lower-acr': 'Un niveau (acr) inférieur à celui demandé est accepté',
  'accepts-unknown-acr': 'Un niveau (acr) inconnu est accepté',
  'rejects-higher-acr': 'Un niveau (acr) supérieur à celui demandé est refusé',
  // UserInfo
  'calls-userinfo-first': "Le UserInfo est appelé avant que le jeton d'identité soit contrôlé",
  'trusts-userinfo-pivot': "L'identifiant national du UserInfo n'est pas comparé à celui du jeton d'identité",
  'ignores-repeated-members': "Un membre présent deux fois dans une réponse JSON n'est pas remarqué",
  'ignores-userinfo-sub': "Le sujet (sub) du UserInfo n'est jamais comparé",
  // Logout
  'logout-without-hint': 'La demande de déconnexion ne porte pas id_token_hint',
} as const

/** What is wrong with the page itself. */
const PAGE = {
  // Where tokens stand
  'tokens-in-local-storage': 'Les jetons sont gardés en clair dans localStorage',
  'tokens-in-session-storage': 'Les jetons sont gardés en clair dans sessionStorage, comme la bibliothèque le fait par défaut',
  'token-in-page': "Le jeton d'accès est posé dans un champ caché de la page",
  'leaves-code-in-address': "Le code reste dans la barre d'adresse après le retour",
  // What comes from outside
  'renders-names-as-html': 'Le nom du professionnel est inséré comme du HTML',
  'reflects-error-description': "La description d'erreur reçue est insérée comme du HTML",
  'auto-creates-unknown-user': "Un professionnel inconnu de l'annuaire est admis",
  'picks-first-exercise': 'Le premier exercice est pris sans demander',
  // Refusals and logout
  'silent-refusal': 'Un refus ramène à la page de connexion sans rien dire',
  'never-answers': 'La page de retour ne dit jamais rien',
  'always-refuses': 'Toute connexion est refusée',
  'local-logout-only': "La déconnexion ne ferme que la session de l'application",
  'logout-keeps-session': "La déconnexion laisse la session de l'application dans le navigateur",
} as const

/** Every defect: id → French one-line description. */
export const SPA_DEFECTS = { ...PROTOCOL, ...PAGE } as const
export type SpaDefect = keyof typeof SPA_DEFECTS

/**
 * Reads a list of defects, separated by commas, `+` or `|`.
 * @throws HarnessError UNKNOWN_ID with the nearest names
 */
export function parseSpaDefects(list: string): readonly SpaDefect[] {
  return list
    .split(/[\s,+|]+/)
    .filter(Boolean)
    .map((name) => {
      if (Object.hasOwn(SPA_DEFECTS, name)) return name as SpaDefect
      const close = nearest(name, Object.keys(SPA_DEFECTS))
      throw new HarnessError('UNKNOWN_ID', `Défaut inconnu : « ${name} ».`, {
        fix: close.length > 0 ? `Vouliez-vous dire ${close.join(' ou ')} ?` : 'La liste est dans targets/reference/spa/defects.ts.',
      })
    })
}
