import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Programs that we did not write and that the fronts are proved with, at the versions that were seen. */
const CLIENTS = { smartcard: '3.7.0', '@pokusew/pcsclite': '0.6.0', 'nfc-pcsc': '0.8.1' }

/**
 * Fetches the npm bindings into a folder of their own, their JavaScript only: nothing is compiled, no script of theirs runs. The tests that
 * use them look there.
 */
export async function fetchClients(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies: CLIENTS }, null, 2)}\n`)
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
}

if (import.meta.main) {
  const [folder = join(process.cwd(), 'out', 'pcsc-clients')] = process.argv.slice(2)
  await fetchClients(folder)
  console.log(folder)
}
