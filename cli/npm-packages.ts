import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '#core/errors.ts'

/**
 * Installs what a product's own lockfile names into the product's own folder, unless that is there already. No script of a package runs.
 * @throws HarnessError `TOOL_MISSING` when npm or its registry cannot be had
 */
export function installPackages(folder: string, title: string): void {
  if (current(folder)) return
  console.log(`Installation des paquets npm de ${title}…`)
  // A lockfile made behind a mirror may lack another platform's optional packages: `npm install` takes the same locked versions then.
  const refused = npm(folder, 'ci')
  if (refused === '' || npm(folder, 'install', '--no-save') === '') return
  throw new HarnessError('TOOL_MISSING', `${title} : ses paquets npm n'ont pas pu être installés.\n${refused}`, {
    fix: `Vérifiez que npm est installé et atteint le registre (ou votre miroir), puis relancez ; ou lancez vous-même « npm ci --ignore-scripts » dans ${folder}.`,
  })
}

/** The version of a package that stands in the product's folder. */
export function versionOf(folder: string, name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json')
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : undefined
}

/** npm leaves a copy of the lockfile beside what it has installed. */
function current(folder: string): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs
}

/** What npm said when it failed, else nothing. */
function npm(folder: string, command: string, ...options: readonly string[]): string {
  const { status, stderr, error } = spawnSync('npm', [command, ...options, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    // Standard output belongs to the results.
    stdio: ['ignore', 2, 'pipe'],
    shell: process.platform === 'win32',
  })
  return status === 0 ? '' : (stderr ?? '').trim() || (error?.message ?? 'npm')
}
