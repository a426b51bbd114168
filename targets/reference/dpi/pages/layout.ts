import { html, type Markup, raw } from '../html.ts'
import type { SignedIn } from '../session.ts'

/** A whole page. The header names the professional only when somebody is signed in. */
export function layout(title: string, main: Markup, signedIn?: SignedIn): string {
  return html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – DPI de référence</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<header class="band">
<p class="brand"><a href="/">DPI de référence</a> <small>Hôpital fictif, patients fictifs</small></p>
${signedIn ? identity(signedIn) : null}
</header>
<main id="contenu">
${main}
</main>
</body>
</html>
`.markup
}

function identity({ displayName, nameAsMarkup, exercise, held }: SignedIn): Markup {
  return html`<div class="who">
<p><strong id="professionnel">${nameAsMarkup ? raw(displayName) : displayName}</strong><span>${exercise ?? 'Aucun exercice en cours'}</span></p>
${held?.refreshToken ? html`<form method="post" action="/identite"><button class="quiet">Actualiser mon identité</button></form>` : null}
<form method="post" action="/deconnexion"><button class="quiet">Se déconnecter</button></form>
</div>`
}
