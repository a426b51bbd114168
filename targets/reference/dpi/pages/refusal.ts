import { html, type Markup } from '../html.ts'
import type { Refusal, RefusalKind } from '../refusal.ts'
import { layout } from './layout.ts'

interface Words {
  readonly status: number
  readonly title: string
  readonly what: string
  readonly next: string
}

/** What happened and what to do, in the professional's words. */
const WORDS: Readonly<Record<RefusalKind, Words>> = {
  cancelled: {
    status: 403,
    title: 'Connexion abandonnée',
    what: 'Vous avez annulé la connexion à Pro Santé Connect. Personne n’est connecté.',
    next: 'Vous pouvez recommencer quand vous le souhaitez.',
  },
  expired: {
    status: 403,
    title: 'Demande expirée',
    what: 'Votre téléphone n’a pas répondu à temps. Personne n’est connecté.',
    next: 'Recommencez, et répondez sur votre téléphone dans les deux minutes.',
  },
  'phone-busy': {
    status: 409,
    title: 'Une demande attend déjà sur ce téléphone',
    what: 'Un autre poste demande en ce moment la connexion de ce professionnel. Si ce n’est pas vous, n’approuvez rien.',
    next: 'Répondez à la première demande ou laissez-la expirer, puis recommencez.',
  },
  'provider-error': {
    status: 403,
    title: 'Connexion refusée par Pro Santé Connect',
    what: 'Pro Santé Connect n’a pas accepté la demande de connexion.',
    next: 'Recommencez ; si cela se reproduit, contactez la DSI et donnez-lui la référence ci-dessous.',
  },
  unavailable: {
    status: 424,
    title: 'Pro Santé Connect ne répond pas',
    what: 'Le service de connexion est momentanément indisponible. Personne n’est connecté.',
    next: 'Recommencez dans quelques minutes. En cas d’urgence, suivez la procédure de secours de votre service.',
  },
  'not-asked': {
    status: 400,
    title: 'Connexion interrompue',
    what: 'Cette réponse ne correspond à aucune demande de connexion en cours dans ce navigateur.',
    next: 'Recommencez la connexion depuis ce poste.',
  },
  untrusted: {
    status: 403,
    title: 'Connexion refusée',
    what: 'La réponse reçue de Pro Santé Connect n’est pas conforme : par sécurité, elle n’a pas été acceptée.',
    next: 'Recommencez ; si cela se reproduit, contactez la DSI et donnez-lui la référence ci-dessous.',
  },
  level: {
    status: 403,
    title: 'Connexion refusée',
    what: 'Le niveau de votre authentification ne suffit pas pour ouvrir un dossier de patient.',
    next: 'Recommencez avec votre carte CPS ou votre e-CPS.',
  },
  'unknown-professional': {
    status: 403,
    title: 'Vous n’avez pas de compte dans le DPI',
    what: 'Pro Santé Connect vous a reconnu, mais votre identifiant national ne figure pas dans l’annuaire de l’établissement.',
    next: 'Contactez la DSI pour qu’elle ouvre votre accès.',
  },
  deactivated: {
    status: 403,
    title: 'Votre compte est désactivé',
    what: 'Pro Santé Connect vous a reconnu, mais votre compte dans le DPI a été désactivé.',
    next: 'Contactez la DSI si vous devez de nouveau accéder aux dossiers.',
  },
  'unreadable-identity': {
    status: 403,
    title: 'Connexion refusée',
    what: 'L’identité transmise par Pro Santé Connect ne permet pas de vous reconnaître.',
    next: 'Contactez la DSI et donnez-lui la référence ci-dessous.',
  },
  'sign-out-answer': {
    status: 400,
    title: 'Déconnexion non confirmée',
    what: 'Le retour de déconnexion ne correspond pas à la demande.',
    next: 'Fermez le navigateur pour terminer votre session.',
  },
  'not-found': {
    status: 404,
    title: 'Page introuvable',
    what: 'Cette page n’existe pas.',
    next: 'Revenez à l’accueil.',
  },
}
const NO_RETRY: readonly RefusalKind[] = ['not-found', 'sign-out-answer']

/** HTTP status and page of a refusal. `signedIn`: a session is open beside it, so there is nothing to retry. */
export function refusalPage(refusal: Refusal, signedIn: boolean, extra: Markup | null = null): { readonly status: number; readonly page: string } {
  const { status, title, what, next } = WORDS[refusal.kind]
  const retry =
    signedIn || NO_RETRY.includes(refusal.kind)
      ? html`<a class="button" href="/">Revenir à l'accueil</a>`
      : html`<a class="button" href="/connexion">Réessayer</a>`
  return {
    status,
    page: layout(
      title,
      html`<section class="card">
<div class="alert" role="alert">
<h1>${title}</h1>
<p>${what}</p>
<p>${next}</p>${extra}
</div>
<p>${retry}</p>
<p class="reference">Référence : ${refusal.reference}</p>
</section>`,
    ),
  }
}

/** The page of a failure of the DPI itself. */
export function failurePage(extra: Markup | null = null): string {
  return layout(
    'Erreur du DPI',
    html`<section class="card">
<div class="alert" role="alert">
<h1>Le DPI a rencontré une erreur</h1>
<p>Votre demande n'a pas abouti. Aucune donnée n'a été modifiée.</p>
<p>Recommencez ; si cela se reproduit, contactez la DSI.</p>${extra}
</div>
<p><a class="button" href="/">Revenir à l'accueil</a></p>
</section>`,
  )
}
