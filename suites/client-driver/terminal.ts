import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const OPENER = fileURLToPath(new URL('open-url.mjs', import.meta.url))

/** A client that runs in a terminal of a workstation. */
export interface Terminal {
  /** What it wrote since the last line that was sent to it. */
  readonly output: () => string
  /** Addresses that it asked the system to open, oldest first; taken out as they are read. */
  readonly opened: string[]
  send(line: string): void
  /** Waits until the condition holds, the client has ended, or time is up; true when it holds. */
  until(holds: () => boolean, timeout: number): Promise<boolean>
  stop(): void
}

export interface TerminalOptions {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const terminals = new Map<string, (url: string) => void>()
let desk: Promise<string> | undefined

/** Where the addresses come in, for every terminal of this process. */
function openingDesk(): Promise<string> {
  desk ??= new Promise((ready) => {
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => {
        terminals.get(request.url ?? '')?.(body)
        response.end()
      })
    })
    // Neither the desk nor a client keeps the harness from ending.
    server.unref().listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
  return desk
}

/** Starts a client with a `BROWSER` of ours. */
export async function openTerminal({ command: [program = '', ...args], cwd, env }: TerminalOptions): Promise<Terminal> {
  const path = `/${crypto.randomUUID()}`
  const child: ChildProcess = spawn(program === 'node' ? process.execPath : program, args, {
    cwd,
    env: { ...process.env, ...env, BROWSER: OPENER, HOSPICERT_OPEN_TO: `${await openingDesk()}${path}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket | null)?.unref()
  const opened: string[] = []
  const waiting = new Set<() => void>()
  const heard = () => {
    for (const look of waiting) look()
  }
  let output = ''
  let ended = false
  terminals.set(path, (url) => {
    opened.push(url)
    heard()
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      heard()
    })
  const end = () => {
    ended = true
    terminals.delete(path)
    heard()
  }
  child.once('error', end).once('close', end)
  child.stdin?.on('error', () => {})
  const stop = () => void child.kill('SIGKILL')
  process.once('exit', stop)
  return {
    output: () => output,
    opened,
    send(line) {
      output = ''
      child.stdin?.write(`${line}\n`)
    },
    until: (holds, timeout) =>
      new Promise((done) => {
        const finish = (held: boolean) => {
          clearTimeout(timer)
          waiting.delete(look)
          done(held)
        }
        const look = () => {
          if (holds()) finish(true)
          else if (ended) finish(false)
        }
        const timer = setTimeout(() => finish(false), timeout)
        waiting.add(look)
        look()
      }),
    stop() {
      process.off('exit', stop)
      stop()
    },
  }
}
