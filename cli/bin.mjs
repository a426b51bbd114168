#!/usr/bin/env node
/**
 * The way in, with nothing but Node's own modules: installs from the lockfile when the clone is bare, then hands over to the
 * pinned Node (npm package `node`), which runs the TypeScript as it stands.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const house = dirname(dirname(fileURLToPath(import.meta.url)))
const installed = join(house, 'node_modules', '.package-lock.json')
const lock = join(house, 'package-lock.json')

if (!existsSync(installed) || stale()) {
  process.stderr.write('HospiCert : installation des dépendances…\n')
  // A mirror that does not carry every platform's optional packages makes a lockfile that `npm ci` refuses elsewhere; `npm install`
  // takes the same locked versions and fetches what this platform lacks, without writing anything.
  const refused = npm('ci', 'pipe')
  if (refused !== '' && npm('install', 2, '--no-save') !== '') {
    process.stderr.write(`${refused}\nL'installation a échoué.\nÀ faire : vérifiez l'accès au registre npm (ou à votre miroir), puis relancez.\n`)
    process.exit(3)
  }
}

const pinned = join(house, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const recent = major > 22 || (major === 22 && minor >= 18)
if (!existsSync(pinned) && !recent) {
  process.stderr.write(
    `Node ${process.version} est trop ancien et le paquet « node » n'a pas pu s'installer.\nÀ faire : installez Node 22.18 ou plus récent, puis relancez.\n`,
  )
  process.exit(3)
}
const node = existsSync(pinned) ? pinned : process.execPath
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(house, 'cli', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(house, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` },
})
// The terminal interrupts the whole group, a supervisor this process alone: what the command has heard already, it ignores.
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGINT', () => setTimeout(() => child.kill('SIGTERM'), 500))
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 3)))

/** Runs npm; what it said when it failed, else nothing. */
function npm(command, output, ...options) {
  const { status, stderr } = spawnSync('npm', [command, ...options, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: house,
    stdio: ['ignore', output, output],
    shell: process.platform === 'win32',
    env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  })
  return status === 0 ? '' : String(stderr ?? 'npm').trim() || 'npm'
}

/** A lockfile that changed since the last installation. */
function stale() {
  try {
    if (statSync(lock).mtimeMs <= statSync(installed).mtimeMs) return false
    const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
    const have = JSON.parse(readFileSync(installed, 'utf8')).packages
    return Object.entries(wanted).some(([path, { version, optional }]) => path !== '' && !optional && have[path]?.version !== version)
  } catch {
    return false
  }
}
