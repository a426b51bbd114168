// A DPI in one page on oidc-client-ts, as its documentation says (docs/protocols/authorization-code-grant-with-pkce.md and the reference of
// UserManagerSettings). What each setting is for stands in README.md. `oidc` is the library's browser bundle.
const LEVELS = ['eidas1', 'eidas2', 'eidas3']
const settings = await (await fetch('/reglages.json')).json()
const manager = new oidc.UserManager({ ...settings, loadUserInfo: true, filterProtocolClaims: false, requestTimeoutInSeconds: 5 })

const ACTIONS = {
  signIn: () => manager.signinRedirect({ nonce: crypto.randomUUID() }),
  // The library forgets the person first: when the provider cannot be told, nobody is signed in here any more all the same.
  signOut: () => manager.signoutRedirect().catch(() => location.replace('/')),
}

try {
  if (location.pathname === new URL(settings.redirect_uri).pathname) await finish()
  const user = await manager.getUser()
  if (user === null) show('main', 'accueil')
  else {
    const { given_name, family_name, acr, SubjectNameID } = user.profile
    show('header', 'identite', { name: `${given_name} ${family_name}`, level: `${SubjectNameID} – niveau ${acr}` })
    show('main', 'patients')
  }
} catch (error) {
  await manager.removeUser()
  const cancelled = error.error === 'access_denied'
  const sentence = cancelled
    ? 'Vous avez annulé la connexion avec Pro Santé Connect : personne n’est connecté.'
    : 'La connexion avec Pro Santé Connect n’a pas abouti : personne n’est connecté. Recommencez ; si le refus persiste, prévenez le service informatique.'
  show('main', 'refus', { sentence, detail: error.message })
}

/** The way back: the code and the state leave the address whatever happens. */
async function finish() {
  const answer = location.href
  history.replaceState(null, '', '/')
  const { profile } = await manager.signinCallback(answer)
  if (!LEVELS.includes(profile.acr)) throw new Error('niveau de garantie insuffisant')
}

/** Shows a template with texts; texts are never markup. */
function show(place, template, texts = {}) {
  const part = document.getElementById(template).content.cloneNode(true)
  for (const element of part.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text] ?? '–'
  for (const element of part.querySelectorAll('[data-action]')) {
    element.addEventListener('click', (event) => {
      event.preventDefault()
      ACTIONS[element.dataset.action]().catch((error) =>
        show('main', 'refus', { sentence: 'Pro Santé Connect ne répond pas.', detail: error.message }),
      )
    })
  }
  const target = document.querySelector(place)
  if (place === 'main') target.replaceChildren(part)
  else target.append(part)
}
