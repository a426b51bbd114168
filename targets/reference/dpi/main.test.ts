import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort, signedIn } from './bench.test-data.ts'
import { tinyBrowser } from './browser.test-data.ts'
import { CLIENT, startTinyProvider } from './tiny-provider.test-data.ts'

const MAIN = join(import.meta.dirname, 'main.ts')

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, ended, said: () => said }
}

it('starts as a process, before its provider, and serves a login', async () => {
  const provider = await startTinyProvider()
  provider.identity = { SubjectNameID: 'ANS1/É', given_name: 'Édith', family_name: 'ESSAI' }
  const base = `http://127.0.0.1:${await freePort()}`
  const people = join(mkdtempSync(join(tmpdir(), 'dpi-')), 'people.json')
  writeFileSync(people, JSON.stringify([{ id: 'a', idNat: 'ANS1/É', givenName: 'Édith', familyName: 'ESSAI', known: true }]))
  const environment = {
    HOSPICERT_ISSUER: provider.issuer,
    HOSPICERT_DISCOVERY_URL: provider.discoveryUrl,
    HOSPICERT_CLIENT_ID: CLIENT.id,
    HOSPICERT_CLIENT_SECRET: CLIENT.secret,
    HOSPICERT_CLIENT_AUTH: 'client_secret_basic',
    HOSPICERT_REDIRECT_URI: `${base}/retour`,
    HOSPICERT_POST_LOGOUT_REDIRECT_URI: `${base}/deconnecte`,
    HOSPICERT_BASE_URL: base,
    HOSPICERT_PERSONAS_FILE: people,
  }
  provider.tamper = { status: { 'wallet-openid-configuration': 503 } }
  const dpi = start(environment)
  await expect
    .poll(
      () =>
        fetch(`${base}/sante`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200)
  const browser = tinyBrowser()
  expect((await browser.open(`${base}/connexion`)).status).toBe(424)
  provider.tamper = {}
  expect(signedIn(await browser.open(`${base}/connexion`))).toBe('Édith ESSAI')
  const second = start(environment)
  expect([await second.ended, second.said()]).toEqual([3, expect.stringContaining('déjà utilisé')])
  dpi.child.kill('SIGTERM')
  expect(await dpi.ended).toBe(0)
  provider.close()
})

it('stops with a clear sentence when it is ill configured', async () => {
  const missing = start({})
  expect([await missing.ended, missing.said()]).toEqual([3, expect.stringContaining('HOSPICERT_')])
  expect(missing.said()).not.toContain('    at ')
  const unknown = start({ DPI_DEFECTS: 'ignore-aud' })
  expect([await unknown.ended, unknown.said()]).toEqual([3, expect.stringContaining('« ignores-aud »')])
})
