import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { findProgram } from '../pcscd/machine.ts'
import { type Unavailable, unavailable } from '../unavailable.ts'

/** A serial line that another program can open. */
export interface Pty {
  readonly ok: true
  /** Path of the terminal: libnfc takes it as `pn532_uart:<path>:115200`. */
  readonly path: string
  /** Our end. */
  readonly line: Duplex
  close(): Promise<void>
}

/** Opens a pseudo terminal by `socat` (Debian package of this name); says why when it cannot. */
export async function openPty({ timeout = 5_000 }: { readonly timeout?: number } = {}): Promise<Pty | Unavailable> {
  const socat = findProgram('socat')
  if (!socat) return unavailable('SOCAT_MISSING', "Le programme « socat » n'est pas installé.", 'apt-get install socat')
  const folder = await mkdtemp(join(tmpdir(), 'pcsc-mock-'))
  const path = join(folder, 'line')
  const child = spawn(socat, ['-d', '-d', `PTY,link=${path},raw,echo=0`, 'STDIO'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const close = async (): Promise<void> => {
    const gone = new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null && child.pid ? child.once('exit', resolve) : resolve(0),
    )
    child.kill()
    await gone
    await rm(folder, { recursive: true, force: true })
  }
  const failure = await started(child, timeout)
  if (failure) {
    await close()
    return failure
  }
  const line = Duplex.from({ readable: child.stdout, writable: child.stdin }) as Duplex
  return { ok: true, path, line, close }
}

/** Settles when socat says that it passes bytes, or why it does not. */
function started(child: ChildProcess, timeout: number): Promise<Unavailable | null> {
  return new Promise((resolve) => {
    let said = ''
    const failed = (why: string): void =>
      resolve(unavailable('PTY_FAILED', `Le pseudo-terminal n'a pas pu être ouvert (${why}).`, 'Vérifiez /dev/pts.'))
    const timer = setTimeout(() => failed('délai dépassé'), timeout)
    child.once('error', ({ message }) => failed(message))
    child.once('exit', () => failed(said.trim().split('\n').at(-1) ?? ''))
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8')
      if (said.includes('starting data transfer loop')) {
        clearTimeout(timer)
        resolve(null)
      }
    })
  })
}
