import { dirname, resolve } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import type { ClientRecipe, Driver, DriverContext, Seen } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'
import { openTerminal, type Terminal } from './client-driver/terminal.ts'

type State = 'signedIn' | 'signedOut' | 'refusal' | 'choice'

/**
 * The driver that a client's recipe describes (RFC 8252): one client for each browser profile, as on a workstation. What the client asks
 * the system to open is opened in the page; who is signed in is read in the client's own output, never in the page.
 */
export function clientDriver(recipe: ClientRecipe, targetFile: string): Driver {
  const terminals = new WeakMap<BrowserContext, Promise<Terminal>>()
  const patterns: readonly (readonly [State, RegExp])[] = (
    [
      ['signedIn', recipe.signedIn],
      ['signedOut', recipe.signedOut],
      ['refusal', recipe.refusal],
      ['choice', recipe.chooseExercise?.when],
    ] as const
  ).flatMap(([state, source]) => (source === undefined ? [] : [[state, expression(source, state, targetFile)] as const]))

  function terminalOf(page: Page, context: DriverContext): Promise<Terminal> {
    const profile = page.context()
    const known = terminals.get(profile)
    if (known) return known
    const started = startIn(profile, context)
    terminals.set(profile, started)
    return started
  }

  async function startIn(profile: BrowserContext, { baseUrl, environment = {} }: DriverContext): Promise<Terminal> {
    const { command, cwd = '.', env = {} } = recipe.client
    // What a website would read in a cookie of the bench, a client reads in its environment.
    const cookies = (await profile.cookies(baseUrl)).map(({ name, value }) => [name.toUpperCase(), value])
    const folder = resolve(dirname(targetFile), cwd)
    const terminal = await openTerminal({ command, cwd: folder, env: { ...environment, ...env, ...Object.fromEntries(cookies) } })
    profile.on('close', () => terminal.stop())
    return terminal
  }

  /** The last thing that it said. */
  function said(terminal: Terminal): { readonly state: State; readonly match: RegExpExecArray } | undefined {
    const output = terminal.output()
    const found = patterns.flatMap(([state, pattern]) => [...output.matchAll(pattern)].map((match) => ({ state, match })))
    return found.toSorted((one, other) => one.match.index - other.match.index).at(-1)
  }

  /** Opens what the client asked the system to open, if it did before it said how things stand. */
  async function follow(page: Page, terminal: Terminal, { timeout }: DriverContext): Promise<boolean> {
    await terminal.until(() => terminal.opened.length > 0 || said(terminal) !== undefined, timeout)
    const url = terminal.opened.shift()
    if (url !== undefined) await page.goto(url, { timeout, waitUntil: 'load' })
    return url !== undefined
  }

  return {
    async startLogin(page, context) {
      const terminal = await terminalOf(page, context)
      terminal.send(recipe.login)
      await follow(page, terminal, context)
    },

    async openProtectedPage(page, context) {
      const terminal = await terminalOf(page, context)
      terminal.send(recipe.status)
      await terminal.until(() => said(terminal) !== undefined, context.timeout)
    },

    async whoIsSignedIn(page, context): Promise<Seen> {
      const terminal = await terminalOf(page, context)
      await terminal.until(() => said(terminal) !== undefined, context.timeout)
      const text = terminal.output().trim()
      const last = said(terminal)
      if (!last || last.state === 'choice') return { signedIn: 'unreadable', text }
      if (last.state !== 'signedIn') return { signedIn: null, text, ...(last.state === 'refusal' ? { refusal: last.match[1] ?? last.match[0] } : {}) }
      const name = last.match[1] ?? last.match[0]
      return { signedIn: [...context.needles].find(([, needle]) => name.includes(needle))?.[0] ?? 'someone-else', text }
    },

    async chooseExercise(page, context) {
      const { chooseExercise } = recipe
      // Elsewhere than at the client's own address, there is nothing to wait for.
      if (!chooseExercise || new URL(page.url()).hostname !== new URL(context.baseUrl).hostname) return []
      const terminal = await terminalOf(page, context)
      await terminal.until(() => said(terminal) !== undefined, context.timeout)
      if (said(terminal)?.state !== 'choice') return []
      const labels = [...terminal.output().matchAll(new RegExp(chooseExercise.options, 'gm'))].map(([all, label = all]) => label.trim())
      terminal.send(chooseExercise.answer)
      return labels
    },

    ...(recipe.signOut === undefined
      ? {}
      : {
          async signOut(page: Page, context: DriverContext) {
            const terminal = await terminalOf(page, context)
            terminal.send(recipe.signOut ?? '')
            if (await follow(page, terminal, context)) await terminal.until(() => said(terminal) !== undefined, context.timeout)
          },
        }),
  }
}

function expression(source: string, member: string, file: string): RegExp {
  try {
    return new RegExp(source, 'gm')
  } catch (cause) {
    throw new HarnessError('TARGET_FILE_INVALID', `« ${source} » n'est pas une expression rationnelle.`, {
      fix: 'Corrigez-la ; les caractères ( ) [ ] . * + ? se protègent par une barre oblique inverse.',
      place: { file, path: `driver.${member === 'choice' ? 'chooseExercise.when' : member}` },
      cause,
    })
  }
}
