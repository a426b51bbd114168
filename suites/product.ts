import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '#core/errors.ts'
import type { Mask } from '#core/secret.ts'
import type { Target } from '#core/target.ts'

const PRELOAD = fileURLToPath(new URL('../simulators/wire/resolve-names.mjs', import.meta.url))

/** What a product is told through its environment. */
export interface ProductSettings {
  readonly target: Target
  readonly targetFile: string
  readonly folder: string
  readonly baseUrl: string
  readonly env: Readonly<Record<string, string>>
  /** Names of the simulator and of the product, and their address. */
  readonly hosts: Readonly<Record<string, string>>
  readonly mask: Mask
  /** Keeps the output of several products of a run apart. */
  readonly name?: string
}

/** A product that the harness started. */
export interface RunningProduct {
  readonly log: string
  stop(): Promise<void>
}

/**
 * Starts the product as the target file says and waits until it answers. Its output goes, masked, to `produit.log`.
 * @throws HarnessError `PRODUCT_STOPPED`, `PRODUCT_NOT_READY`, `TOOL_MISSING`
 */
export async function startProduct(settings: ProductSettings): Promise<RunningProduct> {
  const { target, targetFile, folder, baseUrl, hosts } = settings
  const { start } = target
  if (!start) throw new Error('no start section')
  const log = join(folder, settings.name ? `produit-${settings.name}.log` : 'produit.log')
  const place = { file: targetFile, path: 'start.command' }
  const [program, args] = commandOf(settings)
  const child = spawn(program, args, {
    cwd: resolve(dirname(targetFile), start.cwd ?? '.'),
    env: {
      ...process.env,
      ...start.env,
      ...settings.env,
      ...resolvingNames(hosts),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const last: string[] = []
  // A full disk is told once, by the journals; the run needs this file to go on no more than the product does.
  const sink = createWriteStream(log).on('error', () => {})
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const text = settings.mask.text(chunk)
      sink.write(text)
      last.push(...text.split('\n').filter(Boolean))
      last.splice(0, Math.max(0, last.length - 8))
    })
  }
  let ended: string | undefined
  child.once('error', (error: NodeJS.ErrnoException) => (ended = notStarted(target.start?.command[0] ?? '', error)))
  child.once('close', (code, signal) => (ended ??= `Le produit s'est arrêté au démarrage (${signal ? `signal ${signal}` : `code ${code}`}).`))
  const disarm = child.pid === undefined ? () => {} : killWhenWeDie(child.pid)
  const stop = async () => {
    await stopTree(child)
    disarm()
  }
  const ready = new URL(start.readyUrl, baseUrl)
  const within = start.readyWithin ?? 20_000
  const deadline = Date.now() + within
  for (;;) {
    if (ended !== undefined) {
      await stop()
      throw new HarnessError('PRODUCT_STOPPED', ended + tail(last), {
        fix: `Corrigez start.command, start.cwd ou start.env${last.length > 0 ? ` ; la sortie entière est dans ${log}` : ''}.`,
        place,
      })
    }
    const status = await probe(ready, hosts)
    if (status !== undefined && status < 500) return { log, stop }
    if (Date.now() > deadline) {
      await stop()
      const answer = status ? `répond HTTP ${status}` : 'ne répond pas'
      throw new HarnessError('PRODUCT_NOT_READY', `Le produit ${answer} à ${ready.href} après ${within / 1000} s.${tail(last)}`, {
        fix: `Corrigez start.readyUrl, ou allongez start.readyWithin ; la sortie entière est dans ${log}.`,
        place: { file: targetFile, path: 'start.readyUrl' },
      })
    }
    await new Promise((done) => setTimeout(done, 60))
  }
}

/** `node` is the pinned one; a product that is not Node's gets a private /etc/hosts where the machine allows it. */
function commandOf({ target, targetFile, folder, hosts }: ProductSettings): [string, string[]] {
  const [program = '', ...args] = target.start?.command ?? []
  if (!target.start?.privateHosts) return [program === 'node' ? process.execPath : program, args]
  if (process.platform !== 'linux' || !existsSync('/usr/bin/unshare') || process.getuid?.() !== 0) {
    throw new HarnessError('TOOL_MISSING', 'start.privateHosts demande Linux, la commande unshare et les droits root.', {
      fix: `Ajoutez plutôt ces noms à /etc/hosts et retirez start.privateHosts : ${Object.entries(hosts)
        .map(([name, address]) => `${address} ${name}`)
        .join(', ')}.`,
      place: { file: targetFile, path: 'start.privateHosts' },
    })
  }
  const file = join(folder, 'hosts')
  writeFileSync(file, ['127.0.0.1 localhost', ...Object.entries(hosts).map(([name, address]) => `${address} ${name}`), ''].join('\n'))
  const quoted = [program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  return ['/usr/bin/unshare', ['-m', 'sh', '-c', `mount --bind '${file}' /etc/hosts && exec ${quoted}`]]
}

/** By which a Node program resolves the names of the run. */
export function resolvingNames(hosts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(hosts).map((pair) => pair.join('='))
  return { NODE_OPTIONS: nodeOptions(), HOSPICERT_HOSTS: pairs.join(',') }
}

function nodeOptions(): string {
  return [process.env['NODE_OPTIONS'], `--import=${PRELOAD.includes(' ') ? JSON.stringify(PRELOAD) : PRELOAD}`].filter(Boolean).join(' ')
}

/** HTTP status of a URL whose name resolves as `hosts` says; undefined when nothing answers. Certificates are not judged here. */
export function probe(url: URL, hosts: Readonly<Record<string, string>>, timeout = 3000): Promise<number | undefined> {
  const secure = url.protocol === 'https:'
  return new Promise((done) => {
    const request = (secure ? httpsRequest : httpRequest)(
      {
        host: hosts[url.hostname] ?? url.hostname,
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        headers: { host: url.host },
        timeout,
        ...(secure ? { rejectUnauthorized: false, servername: /^[\d.]+$/.test(url.hostname) ? '' : url.hostname } : {}),
      },
      (response) => {
        response.resume()
        done(response.statusCode)
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => done(undefined))
    request.end()
  })
}

function notStarted(program: string, { code, message }: NodeJS.ErrnoException): string {
  const why = code === 'ENOENT' ? "n'existe pas" : code === 'EACCES' ? "n'est pas exécutable" : `ne démarre pas (${message})`
  return `La commande « ${program} » ${why}.`
}

/** The last lines of the product's output, for a sentence. */
function tail(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\nSes dernières lignes :\n${lines.map((line) => `    ${line}`).join('\n')}`
}

/** Ends the product and what it started, even if it has gone itself; by force if it lingers. */
async function stopTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return
  const { pid } = child
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name)
    } catch {
      // Nobody is left.
    }
  }
  const gone = child.exitCode !== null || child.signalCode !== null ? undefined : new Promise<void>((done) => child.once('exit', () => done()))
  signal('SIGTERM')
  if (!gone) return
  const force = setTimeout(() => signal('SIGKILL'), 3000)
  await gone
  clearTimeout(force)
}

/**
 * The product stands in a process group of its own, so it would outlive a harness that is killed outright. A shell waits at the end of
 * a pipe that the system closes when we die, however we die, and ends the group then. Not on Windows.
 * @returns what sends the shell home when the product has been stopped
 */
function killWhenWeDie(group: number): () => void {
  if (process.platform === 'win32') return () => {}
  const script = 'read -r _; kill -TERM -"$0" 2>/dev/null && sleep 3 && kill -KILL -"$0" 2>/dev/null'
  const watch = spawn('/bin/sh', ['-c', script, String(group)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watch.on('error', () => {})
  watch.unref()
  ;(watch.stdin as Socket).unref()
  return () => void watch.kill('SIGKILL')
}
