import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { HarnessError } from '#core/errors.ts'

/** A Debian package, and the command that succeeds when it is there. */
export interface Need {
  readonly package: string
  readonly proof: readonly string[]
}

/**
 * Installs the packages that are missing, when this is Debian and we are root.
 * @throws HarnessError `TOOL_MISSING` with what to install
 */
export function installMissing(needs: readonly Need[], title: string): void {
  const absent = () => needs.filter(({ proof }) => !succeeds(proof)).map((need) => need.package)
  const missing = absent()
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installation de ${missing.join(', ')} (apt-get)…`)
    if (!install(missing) && aptGet('update', '-qq')) install(missing)
    if (absent().length === 0) return
  }
  throw new HarnessError('TOOL_MISSING', `${title} : il manque ${absent().join(', ')}.`, {
    fix: `En administrateur, sur Debian : apt-get install -y --no-install-recommends ${absent().join(' ')}`,
  })
}

/** What a command prints, or undefined when it fails. */
export function outputOf([program = '', ...args]: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout.trim() : undefined
}

function succeeds(command: readonly string[]): boolean {
  return outputOf(command) !== undefined
}

function install(packages: readonly string[]): boolean {
  return aptGet('install', '-y', '--no-install-recommends', ...packages)
}

function aptGet(...args: readonly string[]): boolean {
  // Standard output belongs to the results.
  const { status } = spawnSync('/usr/bin/apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  return status === 0
}
