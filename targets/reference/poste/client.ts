import { createInterface } from 'node:readline'
import type { PosteConfiguration } from './configuration.ts'
import { readIdentity } from './identity.ts'
import { Refusal, signIn, signOut } from './sign-in.ts'

/** Who works at this workstation. */
interface Session {
  readonly name: string
  readonly exercise: string | undefined
  readonly idToken: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** The longest that a session lasts: that of Pro Santé Connect. */
const LONGEST = 4 * 3600 * 1000

/** The client: reads commands, says how things stand. One line a fact, for a person as for a bench. */
export function runClient(configuration: PosteConfiguration): void {
  const { has } = configuration
  let session: Session | undefined
  let chosen: ((line: string) => void) | undefined

  async function connect(): Promise<void> {
    const { userinfo, idToken } = await signIn(configuration)
    const { idNat, name, exercises } = readIdentity(userinfo)
    if (!configuration.accounts.has(idNat) && !has('auto-creates-unknown-user'))
      throw new Refusal("Pro Santé Connect vous a reconnu, mais vous n'avez pas de compte dans l'établissement ; contactez la DSI")
    const exercise = exercises.length > 1 && !has('picks-first-exercise') ? await choose(exercises) : exercises[0]
    session = { name, exercise, idToken, until: Date.now() + LONGEST }
    tell()
  }

  async function choose(exercises: readonly string[]): Promise<string | undefined> {
    session = undefined // whoever was there before: this workstation has changed hands
    console.log(['Choisissez votre exercice :', ...exercises.map((exercise, index) => `  ${index + 1}. ${exercise}`)].join('\n'))
    const line = await new Promise<string>((resolve) => (chosen = resolve))
    return exercises[Number(line) - 1] ?? exercises[0]
  }

  async function disconnect(): Promise<void> {
    const { idToken } = session ?? {}
    if (!has('logout-keeps-session')) session = undefined
    if (idToken && !has('local-logout-only')) await signOut(configuration, idToken)
    tell()
  }

  function tell(): void {
    if (session && session.until < Date.now()) session = undefined
    console.log(session ? `Connecté : ${session.name} – ${session.exercise ?? 'aucun exercice en cours'}` : "Personne n'est connecté.")
  }

  const commands: Readonly<Record<string, () => unknown>> = {
    connexion: connect,
    deconnexion: disconnect,
    etat: tell,
    quitter: () => process.exit(0),
  }
  const terminal = createInterface({ input: process.stdin })
  terminal.on('close', () => process.exit(0))
  terminal.on('line', (line) => {
    const command = commands[line.trim()]
    if (!command) {
      if (chosen) chosen(line)
      else console.log(`Commandes : ${Object.keys(commands).join(', ')}.`)
      return
    }
    void (async () => command())().catch((error: unknown) => {
      console.log(`Connexion refusée : ${error instanceof Refusal ? error.message : "l'application du poste a rencontré une erreur"}.`)
    })
  })
}
