import { execFile } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Unavailable, unavailable } from '../unavailable.ts'

const run = promisify(execFile)

/** What this machine has for a pcscd of our own. */
export interface Machine {
  readonly ok: true
  readonly pcscd: string
  /** The vpcd driver, copied once a reader: it keeps its sockets in one table a copy. */
  readonly driver: string
  readonly compiler: string
  /** Command and arguments that start a program in a mount namespace of its own. */
  readonly unshare: readonly string[]
}

/** Looks for pcscd, its vpcd driver, a C compiler and the right to make a mount namespace; says what is missing first. `find`: see {@link findProgram}. */
export async function inspectMachine(find: (name: string) => string | null = findProgram): Promise<Machine | Unavailable> {
  if (process.platform !== 'linux') return unavailable('NOT_LINUX', 'Le service pcscd isolé demande Linux.', 'Utilisez les lecteurs en mémoire.')
  const pcscd = find('pcscd')
  if (!pcscd) return unavailable('PCSCD_MISSING', "Le service « pcscd » n'est pas installé.", 'apt-get install pcscd')
  const [driver] = globSync('/usr/{lib,lib64,local/lib}{,/*}/pcsc/drivers/serial/libifdvpcd.so*').toSorted()
  if (!driver) return unavailable('VPCD_MISSING', "Le pilote de lecteur virtuel « vpcd » n'est pas installé.", 'apt-get install vsmartcard-vpcd')
  const compiler = find('cc') ?? find('gcc') ?? find('clang')
  if (!compiler) {
    const message = "Sans compilateur C, le lecteur virtuel écouterait sur toutes les adresses de la machine : il n'est pas démarré."
    return unavailable('COMPILER_MISSING', message, 'apt-get install gcc libc6-dev')
  }
  const unshare = find('unshare')
  if (!unshare) return unavailable('UNSHARE_MISSING', "Le programme « unshare » n'est pas installé.", 'apt-get install util-linux')
  // Without being root, a user namespace gives the right to mount, where the kernel lets it.
  const command = process.getuid?.() === 0 ? [unshare, '--mount'] : [unshare, '--map-root-user', '--mount']
  try {
    await run(unshare, [...command.slice(1), 'true'])
  } catch {
    const message = 'Cette machine ne permet pas de créer un espace de montage privé pour pcscd.'
    return unavailable('NAMESPACE_REFUSED', message, "Lancez en root, ou autorisez les espaces d'utilisateurs (kernel.unprivileged_userns_clone=1).")
  }
  return { ok: true, pcscd, driver, compiler, unshare: command }
}

/** A program in the path, or where Debian keeps services; null when it is not there. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin']
  for (const path of folders.filter(Boolean).map((folder) => join(folder, name))) {
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not here.
    }
  }
  return null
}

/** Free loopback ports `n` and `n + 1`: the driver takes two, one a slot. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const first = await reserve(0)
    const second = first.port < 65_535 ? await reserve(first.port + 1).catch(() => null) : null
    await first.release()
    await second?.release()
    if (second) return first.port
  }
}

async function reserve(port: number): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    release: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}
