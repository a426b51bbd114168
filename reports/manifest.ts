import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { writeDurably } from './durable.ts'

const NAME = 'manifest.sha256'

/**
 * Closes a run folder: the SHA-256 of each of its files in `manifest.sha256`, in the format of sha256sum, so that
 * `sha256sum -c manifest.sha256` checks it anywhere. Returns the path.
 */
export async function writeManifest(folder: string): Promise<string> {
  const path = join(folder, NAME)
  const lines: string[] = []
  for (const file of await filesOf(folder)) lines.push(`${await digestOf(join(folder, file))}  ${file}\n`)
  writeDurably(path, lines.join(''))
  return path
}

/** Files that are no longer what the manifest says, in French; none when the folder is as it was closed. */
export async function checkManifest(folder: string): Promise<readonly string[]> {
  const lines = (await readFile(join(folder, NAME), 'utf8')).split('\n').filter(Boolean)
  const sealed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
  const present = await filesOf(folder)
  const changed: string[] = []
  for (const [file, digest] of sealed) {
    if (!present.includes(file)) changed.push(`Le fichier « ${file} » manque.`)
    else if ((await digestOf(join(folder, file))) !== digest) changed.push(`Le fichier « ${file} » a changé.`)
  }
  return [...changed, ...present.filter((file) => !sealed.has(file)).map((file) => `Le fichier « ${file} » a été ajouté.`)]
}

/** Regular files under a folder, with `/` between the parts, in one order on every machine. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => file !== NAME)
    .sort()
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
