import { Refusal } from './refusal.ts'
import { forget, keep, onChange, restore, type Session } from './session.ts'
import { has } from './settings.ts'
import { type Admitted, begin, complete, signOut } from './sign-in.ts'
import { showChoice, showPatients, showRefusal, showSignIn } from './view.ts'

/** The address as the browser came; the code leaves it at once. */
const arrived = new URL(location.href)
if (arrived.pathname !== '/' && !has('leaves-code-in-address')) history.replaceState(null, '', '/')

async function open(): Promise<void> {
  switch (arrived.pathname) {
    case '/connexion':
      return begin(arrived.searchParams.get('returnTo'))
    case '/retour':
      return admit(await complete(arrived))
    // The session is closed already: an absent or foreign state changes nothing to that.
    case '/deconnecte':
      return showSignIn('Vous êtes déconnecté.')
    default:
      return home()
  }
}

async function home(): Promise<void> {
  const session = await restore()
  if (session) signedIn(session)
  else showSignIn()
}

async function admit({ professional: { exercises }, session, tokens, returnTo }: Admitted): Promise<void> {
  const enter = async (exercise: string | null) => {
    await keep({ ...session, exercise })
    leak(tokens)
    signedIn({ ...session, exercise })
    if (returnTo !== undefined) goOn(returnTo)
  }
  if (exercises.length < 2 || has('picks-first-exercise')) return enter(exercises[0] ?? null)
  await forget() // whoever was there before: this workstation has changed hands
  showChoice(exercises, (exercise) => void enter(exercise))
}

function signedIn(session: Session): void {
  showPatients(session, () => void leave(session))
}

async function leave({ idToken }: Session): Promise<void> {
  if (!has('logout-keeps-session')) await forget()
  if (has('local-logout-only')) return showSignIn('Vous êtes déconnecté.')
  try {
    await signOut(idToken)
  } catch {
    showSignIn(
      "Vous êtes déconnecté de l'application, mais Pro Santé Connect n'a pas pu être prévenu : retirez votre carte et fermez le navigateur avant de quitter le poste.",
    )
  }
}

/** Only a page of ours is gone on to. */
function goOn(returnTo: string): void {
  if (URL.canParse(returnTo, location.origin) && new URL(returnTo, location.origin).origin === location.origin) history.replaceState(null, '', '/')
}

/** What only a defective page does with its tokens. */
function leak(tokens: Admitted['tokens']): void {
  if (has('tokens-in-local-storage')) localStorage.setItem('oidc.user', JSON.stringify(tokens))
  if (has('tokens-in-session-storage')) sessionStorage.setItem('oidc.user', JSON.stringify(tokens))
  if (!has('token-in-page')) return
  const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'access_token' })
  field.setAttribute('value', tokens['access_token'] ?? '')
  document.body.append(field)
}

function refuse(error: unknown): void {
  const refusal = error instanceof Refusal ? error : new Refusal('unavailable', 'application')
  showRefusal(refusal, arrived.searchParams.get('error_description'))
}

onChange(() => void home())
await open().catch(refuse)
