/** The pages that the small apps of this folder show. They know nothing of OpenID Connect: a product's own code stays in its folder. */

const STYLE = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1c2733; background: #f2f5f8 }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: center; justify-content: space-between; padding: .75rem 2rem; color: #fff; background: #17445e }
header p { margin: 0 } header small { opacity: .8 }
main { max-width: 44rem; margin: 2.5rem auto; padding: 1.5rem 2rem; background: #fff; border-radius: .5rem; box-shadow: 0 1px 4px #0002 }
h1 { margin-top: 0; font-size: 1.5rem }
table { width: 100%; border-collapse: collapse } th, td { padding: .5rem; text-align: left; border-bottom: 1px solid #dde4ea } th { font-weight: 600 }
[role="alert"] { padding: .75rem 1rem; border-left: .25rem solid #b00020; background: #fdecee }
a.button, button { display: inline-block; padding: .5rem 1rem; border: 0; border-radius: .25rem; font: inherit; color: #fff; text-decoration: none; background: #0b6aa2; cursor: pointer }
header button { border: 1px solid #fff9; background: none }
.detail { color: #56646f; font-size: .9rem }
`
/** Fictional patients, the same for everybody. */
const PATIENTS = [
  ['Hector FICTIF-PATIENT', '12/03/1951', 'Cardiologie', 'B12'],
  ['Suzanne FICTIVE-PATIENTE', '02/11/1967', 'Cardiologie', 'B14'],
]

/** What the style sheet is served as; the content security policy allows no inline style. */
export const style = STYLE.trim()

/** Headers of every page: nothing cached, nothing framed, no address handed on. */
export const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/** The page for nobody. `login`: where the sign-in link leads. */
export function welcome(product, login) {
  return page(
    product,
    'Connexion',
    `<p>Personne n’est connecté.</p><p><a class="button" href="${text(login)}">Se connecter avec Pro Santé Connect</a></p>`,
  )
}

/** The patients, for a professional. `signOut`: where the form of the sign-out button leads. */
export function patients(product, { name, nationalId, level }, signOut) {
  const who = `<p><strong id="professionnel">${text(name)}</strong><br><small>${text(nationalId)} – niveau ${text(level)}</small></p>
<form method="post" action="${text(signOut)}"><button>Se déconnecter</button></form>`
  const rows = PATIENTS.map((cells) => `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`).join('\n')
  return page(
    product,
    'Mes patients',
    `<table><thead><tr><th>Patient</th><th>Naissance</th><th>Service</th><th>Lit</th></tr></thead>\n<tbody>${rows}</tbody></table>`,
    who,
  )
}

/** A refusal, in the professional's words. `login`: where a new attempt starts. */
export function refusal(product, sentence, detail, login) {
  return page(
    product,
    'Connexion refusée',
    `<p role="alert">${text(sentence)}</p>
<p><a class="button" href="${text(login)}">Se connecter avec Pro Santé Connect</a></p>
<p class="detail">Détail technique : ${text(detail)}</p>`,
  )
}

function page(product, title, main, who = '') {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} – DPI de démonstration</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p>DPI de démonstration<br><small>${text(product)} – patients fictifs</small></p>${who}</header>
<main>
<h1>${text(title)}</h1>
${main}
</main>
</body>
</html>
`
}

/** Text made harmless; absent text shows as a dash. */
function text(value) {
  return String(value ?? '–').replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)
}
