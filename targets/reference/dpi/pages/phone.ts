import { html } from '../html.ts'
import { layout } from './layout.ts'

/** Asks whom the phone belongs to. */
export function phonePage(): string {
  return layout(
    'Connexion par e-CPS',
    html`<section class="card">
<h1>Connexion par e-CPS</h1>
<p>Une demande sera envoyée à l'application e-CPS de votre téléphone.</p>
<form method="post" action="/e-cps">
<p><label for="identifiant">Identifiant national</label> <input id="identifiant" name="identifiant" autocomplete="username" required></p>
<p><button>Envoyer la demande</button></p>
</form>
<p><a href="/">Revenir à l'accueil</a></p>
</section>`,
  )
}

/** Waits for the phone; `message` is what the phone shows too, null when it is withheld. */
export function waitingPage(handle: string, message: string | null): string {
  return layout(
    'En attente de votre téléphone',
    html`<section class="card" id="attente">
<h1>En attente de votre téléphone</h1>
${message === null ? null : html`<p>N'approuvez que si votre téléphone montre ce code : <strong id="code-affiche">${message}</strong></p>`}
<form method="post" action="/e-cps/suite"><input type="hidden" name="demande" value="${handle}">
<p><button>J'ai répondu sur mon téléphone</button></p></form>
<p><a href="/">Abandonner</a></p>
</section>`,
  )
}
