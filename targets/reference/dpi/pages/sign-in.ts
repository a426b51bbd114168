import { html, type Markup } from '../html.ts'
import { layout } from './layout.ts'

/** What the sign-in page says after a sign-out. */
const NOTICES: Readonly<Record<string, string>> = {
  faite: 'Vous êtes déconnecté.',
  locale:
    "Vous êtes déconnecté du DPI, mais Pro Santé Connect n'a pas pu être prévenu : retirez votre carte et fermez le navigateur avant de quitter le poste.",
}

/** The page of a browser where nobody is signed in; no patient data. */
export function signInPage(notice: string | undefined, { second, phone }: { readonly second: boolean; readonly phone: boolean }): string {
  const words = notice === undefined ? undefined : NOTICES[notice]
  return layout(
    'Connexion',
    html`<section class="card">
${words ? html`<p class="notice" role="status">${words}</p>` : null}
<h1>Connexion</h1>
<p>L'accès aux dossiers des patients demande votre carte CPS ou votre e-CPS.</p>
<p><a class="button" href="/connexion">Se connecter avec Pro Santé Connect</a></p>
${phone ? html`<p><a class="button quiet" href="/e-cps">Se connecter par e-CPS sans quitter le DPI</a></p>` : null}
${second ? html`<p><a class="button quiet" href="/connexion/autre">Se connecter avec l'identité de l'établissement</a></p>` : null}
</section>`,
  )
}

/** Asks in which exercise the professional works; one button for each. Nobody is signed in yet. */
export function exercisePage(exercises: readonly string[]): string {
  const button = (label: string, index: number): Markup => html`<li><button name="exercice" value="${index}">${label}</button></li>`
  return layout(
    'Choisissez votre exercice',
    html`<section class="card">
<h1>Choisissez votre exercice</h1>
<p>Vous exercez à plusieurs titres. Choisissez celui au titre duquel vous travaillez maintenant.</p>
<form method="post" action="/exercice"><ul class="choices">
${exercises.map(button)}
</ul></form>
<p><a href="/">Revenir à l'accueil</a></p>
</section>`,
  )
}

/** The careless return page: it stays at the address that holds the code, fetches a picture elsewhere, then goes on. */
export function leakyPage(picture: string): string {
  return layout(
    'Connexion réussie',
    html`<section class="card"><h1>Connexion réussie</h1>
<p><a class="button" href="/">Ouvrir la liste des patients</a></p>
<img src="${picture}" alt="" width="1" height="1"><meta http-equiv="refresh" content="1;url=/"></section>`,
  )
}
