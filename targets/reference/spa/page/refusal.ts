/** Why a login does not go on, in the professional's words. */
export type RefusalKind = 'cancelled' | 'provider' | 'unavailable' | 'not-asked' | 'untrusted' | 'level' | 'unknown' | 'unreadable'

export const WORDS: Readonly<Record<RefusalKind, { readonly title: string; readonly text: string }>> = {
  cancelled: {
    title: 'Connexion abandonnée',
    text: 'Vous avez annulé la connexion à Pro Santé Connect. Personne n’est connecté ; vous pouvez recommencer quand vous le souhaitez.',
  },
  provider: {
    title: 'Connexion refusée par Pro Santé Connect',
    text: 'Pro Santé Connect n’a pas accepté la demande de connexion. Recommencez ; si cela se reproduit, contactez la DSI.',
  },
  unavailable: {
    title: 'Pro Santé Connect ne répond pas',
    text: 'Le service de connexion est momentanément indisponible. Personne n’est connecté ; recommencez dans quelques minutes.',
  },
  'not-asked': {
    title: 'Connexion interrompue',
    text: 'Cette réponse ne correspond à aucune demande de connexion de cet onglet. Recommencez la connexion depuis ce poste.',
  },
  untrusted: {
    title: 'Connexion refusée',
    text: 'La réponse reçue de Pro Santé Connect n’est pas conforme : par sécurité, elle n’a pas été acceptée.',
  },
  level: { title: 'Connexion refusée', text: 'Le niveau de votre authentification ne suffit pas pour ouvrir un dossier de patient.' },
  unknown: {
    title: 'Vous n’avez pas de compte',
    text: 'Pro Santé Connect vous a reconnu, mais votre identifiant national n’a pas de compte dans l’établissement. Contactez la DSI.',
  },
  unreadable: {
    title: 'Connexion refusée',
    text: 'L’identité transmise par Pro Santé Connect ne permet pas de vous reconnaître. Contactez la DSI.',
  },
}

/** A login that must not go on. `reference` is for the hotline; it names the check and holds nothing that was received. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly reference: string
  constructor(kind: RefusalKind, reference: string) {
    super(reference)
    this.kind = kind
    this.reference = reference
  }
}
