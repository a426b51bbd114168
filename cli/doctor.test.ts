import { afterAll, expect, test } from 'vitest'
import { hospicert, type Loose, REFERENCE, room } from './spawn.test-data.ts'

/** What the doctor prints, and by which code it ends; what it finds is tested in `suites/doctor/`. */
const here = room()
afterAll(() => here.clean())
const TIMEOUT = { timeout: 120_000 }

test('two faults at once, in the terminal: seen, why, what to change, where', TIMEOUT, async () => {
  const file = here.target('deux', ({ start }: Loose) => {
    const wrong = 'HOSPICERT_CLIENT_SECRET=faux HOSPICERT_REDIRECT_URI="http$' + '{HOSPICERT_REDIRECT_URI#https}"'
    start.command = ['sh', '-c', `${wrong} exec node '${REFERENCE}'`]
  })
  const { said, code } = await hospicert(['doctor', '--target', file, '--product', 'keycloak'])
  expect(said).toMatch(/^HospiCert – examen de DPI de référence/)
  expect(said).toMatch(/^ {2}✓ Démarrage {3,}Le simulateur écoute/m)
  expect(said).toMatch(/^ {2}✗ Client et adresse de retour {3,}L'adresse de retour est en http/m)
  expect(said).toMatch(/^✗ 1\. L'adresse de retour est en http[^\n]*\[redirect-uri-scheme\]\n {5}Vu {10,}Le produit demande le retour à « http:/m)
  expect(said).toMatch(/^ {5}Pourquoi [\s\S]*^ {5}À changer [\s\S]*^ {5}Où .*→[\s\S]*Keycloak[\s\S]*proxy-headers=xforwarded/m)
  expect(said).toMatch(/^✗ 2\. Le secret du client[^\n]*\[client-secret\]/m)
  expect(said).toMatch(/2 erreurs de configuration sont à corriger/)
  expect(said).not.toMatch(/mod_auth_openidc|^\s+at /m)
  expect(code).toBe(3)
})

test('a target file that cannot be read, for a program', TIMEOUT, async () => {
  const file = here.target('fichier', ({ client }: Loose) => {
    client.redirectUrl = '/retour'
  })
  const { stdout, code } = await hospicert(['doctor', '--target', file, '--json'])
  const told = JSON.parse(stdout) as { exitCode: number; topics: { topic: string; state: string; diagnoses: { id: string; seen: string }[] }[] }
  expect(told.topics[0]).toMatchObject({ topic: 'target', state: 'erreur', diagnoses: [{ id: 'target-file' }] })
  expect(told.topics[0]?.diagnoses[0]?.seen).toMatch(/vouliez-vous dire « redirectUri »/)
  expect(new Set(told.topics.slice(1).map(({ state }) => state))).toEqual(new Set(['unseen']))
  expect([code, told.exitCode]).toEqual([3, 3])
})

test('a product whose settings it does not know', TIMEOUT, async () => {
  const { said, code } = await hospicert(['doctor', '--product', 'keyclok'])
  expect(said).toMatch(/pas de réglages pour « keyclok »[\s\S]*Vouliez-vous dire keycloak \?/)
  expect(code).toBe(3)
})
