import { type Refusal, WORDS } from './refusal.ts'
import type { Session } from './session.ts'
import { has } from './settings.ts'

const PATIENTS = [
  ['Ondine PATIENTE-FICTIVE', 'Cardiologie', 'Lit 12'],
  ['Basile MALADE-FICTIF', 'Pneumologie', 'Lit 3'],
] as const

/** Fills the page. Text is always text: nothing that was received becomes markup. */
function show(title: string, ...parts: readonly (Node | null)[]): void {
  const main = document.querySelector('main') as HTMLElement
  document.title = `${title} – application monopage de référence`
  document.querySelector('#qui')?.replaceChildren()
  main.replaceChildren(element('h1', title), ...parts.filter((part) => part !== null))
  main.removeAttribute('aria-busy')
}

export function showSignIn(notice?: string): void {
  const told = notice === undefined ? null : element('p', notice)
  told?.setAttribute('role', 'status')
  show(
    'Connexion',
    told,
    element('p', "L'accès aux dossiers demande votre carte CPS ou votre e-CPS."),
    signInLink('Se connecter avec Pro Santé Connect'),
  )
}

export function showRefusal(refusal: Refusal, description: string | null): void {
  if (has('silent-refusal')) {
    showSignIn()
    return
  }
  const { title, text } = WORDS[refusal.kind]
  const alert = document.createElement('div')
  alert.setAttribute('role', 'alert')
  alert.append(element('p', text))
  if (has('reflects-error-description') && description !== null) alert.insertAdjacentHTML('beforeend', `<p>${description}</p>`)
  show(title, alert, signInLink('Réessayer'), element('p', `Référence : ${refusal.reference}`))
}

/** Asks in which exercise the professional works. Nobody is signed in yet. */
export function showChoice(exercises: readonly string[], chosen: (exercise: string) => void): void {
  const choices = document.createElement('ul')
  choices.className = 'choices'
  for (const exercise of exercises) {
    const item = document.createElement('li')
    item.append(button(exercise, () => chosen(exercise)))
    choices.append(item)
  }
  show('Choisissez votre exercice', choices)
}

export function showPatients({ name, exercise }: Session, signOut: () => void): void {
  const table = document.createElement('table')
  for (const cells of PATIENTS) table.insertRow().append(...cells.map((cell) => element('td', cell)))
  show('Mes patients', table)
  const who = element('strong', '')
  who.id = 'professionnel'
  if (has('renders-names-as-html')) who.innerHTML = name
  else who.textContent = name
  const line = element('p', '')
  line.append(who, ` ${exercise ?? 'Aucun exercice en cours'} `, button('Se déconnecter', signOut))
  document.querySelector('#qui')?.replaceChildren(line)
}

function signInLink(text: string): HTMLElement {
  const link = document.createElement('a')
  link.className = 'button'
  link.href = '/connexion'
  link.textContent = text
  const paragraph = document.createElement('p')
  paragraph.append(link)
  return paragraph
}

function button(text: string, act: () => void): HTMLElement {
  const made = element('button', text)
  made.addEventListener('click', act)
  return made
}

function element(name: string, text: string): HTMLElement {
  return Object.assign(document.createElement(name), { textContent: text })
}
