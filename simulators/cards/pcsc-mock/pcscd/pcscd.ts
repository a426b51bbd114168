import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Unavailable, unavailable } from '../unavailable.ts'
import { freePortPair, inspectMachine, type Machine } from './machine.ts'

const run = promisify(execFile)

/** A reader of a pcscd of our own. */
export interface PcscdReader {
  /** The name that was asked. */
  readonly name: string
  /** The name that programs see; pcscd adds the numbers of reader and slot. */
  readonly systemName: string
  /** Loopback port on which its driver waits for a card ({@link createVpcdReader}). */
  readonly port: number
}

/** A running pcscd that only those see who are given its environment. */
export interface Pcscd {
  readonly ok: true
  readonly readers: readonly PcscdReader[]
  /** For programs that are to see these readers and no others. */
  readonly env: { readonly PCSCLITE_CSOCK_NAME: string }
  readonly pid: number
  /** Kills the daemon and starts it anew on the same socket and ports, as a service manager would. */
  restart(): Promise<Unavailable | null>
  /** Ends what was started, and nothing else. */
  stop(): Promise<void>
}

/** What to start. */
export interface PcscdOptions {
  /** Names of the readers, at least one. */
  readonly readers: readonly string[]
  /** How long the drivers may take to listen, milliseconds. Default 10 000. */
  readonly timeout?: number
  /** Where programs are. Default: {@link findProgram}. */
  readonly find?: (name: string) => string | null
}

/**
 * Starts a pcscd beside the system's: socket directory and configuration of its own, in a mount namespace; one copy of the vpcd driver a
 * reader; loopback only, without Nagle's delay. No reader of the machine is touched. Gives the reason when this machine does not allow it.
 *
 * @example
 * const pcscd = await startPcscd({ readers: ['Contact'] })
 * if (!pcscd.ok) return console.log(pcscd.message, pcscd.fix)
 * const reader = createVpcdReader({ name: 'Contact', port: pcscd.readers[0].port })
 * spawn('opensc-tool', ['--atr'], { env: { ...process.env, ...pcscd.env } })
 */
export async function startPcscd({ readers: names, timeout = 10_000, find }: PcscdOptions): Promise<Pcscd | Unavailable> {
  if (names.length === 0) return unavailable('NO_READER', "Aucun lecteur n'est demandé à pcscd.", 'Nommez au moins un lecteur.')
  const machine = await inspectMachine(find)
  if (!machine.ok) return machine
  const folder = await mkdtemp(join(tmpdir(), 'pcsc-mock-'))
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const readers = await writeConfiguration(folder, machine, names)
  const failed = await compile(folder, machine)
  if (failed) {
    await discard()
    return failed
  }
  const ports = readers.map(({ port }) => port)
  let daemon = launch(folder, machine)
  const refused = await listening(daemon, ports, timeout)
  if (refused) {
    await end(daemon.child)
    await discard()
    return refused
  }
  return {
    ok: true,
    readers,
    env: { PCSCLITE_CSOCK_NAME: join(folder, 'run', 'pcscd.comm') },
    get pid() {
      return daemon.child.pid ?? 0
    },
    async restart() {
      await end(daemon.child)
      daemon = launch(folder, machine)
      return await listening(daemon, ports, timeout)
    },
    async stop() {
      await end(daemon.child)
      await discard()
    },
  }
}

interface Daemon {
  readonly child: ChildProcess
  /** The last words of the daemon. */
  said(): string
}

async function writeConfiguration(folder: string, { driver }: Machine, names: readonly string[]): Promise<readonly PcscdReader[]> {
  for (const one of ['run', 'readers', 'usb']) await mkdir(join(folder, one))
  const readers: PcscdReader[] = []
  for (const [index, name] of names.entries()) {
    const port = await freePortPair()
    const copy = join(folder, `libifdvpcd-${index}.so`)
    await copyFile(driver, copy)
    const channel = `0x${port.toString(16)}`
    const plain = name.replaceAll(/["\n]/g, ' ')
    const lines = [`FRIENDLYNAME "${plain}"`, `DEVICENAME /dev/null:${channel}`, `LIBPATH ${copy}`, `CHANNELID ${channel}`]
    await writeFile(join(folder, 'readers', String(index)), `${lines.join('\n')}\n`)
    readers.push({ name, systemName: `${plain} 00 00`, port })
  }
  return readers
}

async function compile(folder: string, { compiler }: Machine): Promise<Unavailable | null> {
  try {
    const source = fileURLToPath(new URL('./loopback.c', import.meta.url))
    await run(compiler, ['-shared', '-fPIC', '-O2', '-o', join(folder, 'loopback.so'), source, '-ldl'])
    return null
  } catch {
    const message = 'Le complément qui tient le lecteur virtuel sur la boucle locale ne se compile pas.'
    return unavailable('COMPILER_FAILED', message, 'apt-get install gcc libc6-dev')
  }
}

function launch(folder: string, { pcscd, unshare: [program = '', ...before] }: Machine): Daemon {
  // The directory is mounted over in the namespace, so it must exist outside.
  const script =
    '[ -d /run/pcscd ] || mkdir -p /run/pcscd || { mount -t tmpfs none /run && mkdir /run/pcscd; }; mount --bind "$1" /run/pcscd && exec "$2" -f -c "$3"'
  const args = [...before, 'sh', '-c', script, 'sh', join(folder, 'run'), pcscd, join(folder, 'readers')]
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // An empty folder of drivers: readers of the machine stay with the system's pcscd.
    env: { ...process.env, LD_PRELOAD: join(folder, 'loopback.so'), PCSCLITE_HP_DROPDIR: join(folder, 'usb') },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(-2_000)
    })
  }
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  child.once('error', (error) => {
    said = error.message
  })
  return { child, said: () => said.trim() }
}

/** Waits until every port listens, without connecting: a connection is a card. */
async function listening({ child, said }: Daemon, ports: readonly number[], timeout: number): Promise<Unavailable | null> {
  for (const started = performance.now(); performance.now() - started < timeout; await pause(10)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      return unavailable('PCSCD_STOPPED', `Le service pcscd s'est arrêté au démarrage : ${said().split('\n').at(-1) ?? ''}`, 'Voyez son message.')
    }
    const table = await readFile('/proc/net/tcp', 'utf8')
    const local = (port: number): boolean => table.includes(` 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`)
    if (ports.every(local)) return null
  }
  const message = `Les lecteurs virtuels n'écoutent pas sur la boucle locale après ${timeout / 1000} s.`
  return unavailable('PCSCD_NOT_READY', message, `Dernier message de pcscd : ${said().split('\n').at(-1) || 'aucun'}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const force = setTimeout(() => void child.kill('SIGKILL'), 3_000)
  child.kill('SIGTERM')
  await gone
  clearTimeout(force)
}
