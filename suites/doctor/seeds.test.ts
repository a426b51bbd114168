import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launch } from '../browser.ts'
import { consult } from './doctor.ts'
import { type Loose, SEEDS, type Seed } from './seeds.test-data.ts'

/** Misconfigurations are sown, one by one, and the doctor must call each by its name and by no other. */
const HOUSE = resolve(import.meta.dirname, '../..')
const REFERENCE = join(HOUSE, 'targets/reference/dpi.target.json')
const room = mkdtempSync(join(tmpdir(), 'docteur-'))
let browser: Browser
let occupied: Server
beforeAll(async () => {
  occupied = await new Promise<Server>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => done(server))
  })
  const names = ['wallet.psc.test', 'auth.psc.test', 'dpi.hopital.test']
  browser = await launch(await findBrowser(join(HOUSE, 'out')), Object.fromEntries(names.map((name) => [name, '127.0.0.1'])))
}, 60_000)
afterAll(async () => {
  occupied.close()
  await browser.close()
  rmSync(room, { recursive: true, force: true })
})

/** What the doctor finds when this seed is sown in the honest reference. */
async function found(name: string, { product, target: change, occupies }: Seed) {
  const target = JSON.parse(readFileSync(REFERENCE, 'utf8')) as Loose
  target.timing = { page: 10_000 }
  if (product) target.start.command = ['sh', '-c', `${product} exec "${process.execPath}" targets/reference/dpi/main.ts`]
  const { port } = occupied.address() as { port: number }
  if (occupies === 'wallet') target.simulator.ports.wallet = port
  if (occupies === 'product') target.baseUrl = `https://dpi.hopital.test:${port}`
  change?.(target)
  const folder = join(room, name.replaceAll(/\W+/g, '-'))
  return consult({ target, targetFile: REFERENCE, folder, pki: join(HOUSE, 'out/pki'), out: join(HOUSE, 'out'), browser })
}

// Several at once, on a machine that other tests use as well: a page that was late is looked at again.
describe.concurrent('the doctor', { timeout: 120_000, retry: 1 }, () => {
  test('has nothing to say of the honest reference', async () => {
    const outcomes = await found('honest', { named: [] })
    expect(outcomes.map(({ topic, state }) => [topic, state])).toEqual(outcomes.map(({ topic }) => [topic, 'ok']))
  })

  test.each(Object.entries(SEEDS))('names: %s', async (name, seed) => {
    const outcomes = await found(name, seed)
    expect(outcomes.flatMap(({ diagnoses }) => diagnoses.map(({ id }) => id))).toEqual(seed.named)
  })
})
