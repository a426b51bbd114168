import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { expectRefusal, hospicert, type Loose, room, set } from './spawn.test-data.ts'

/** What is wrong before anything is started: no run folder, no browser. */
const here = room()
afterAll(() => here.clean())
const TIMEOUT = { timeout: 60_000 }

/** One refusal: how the target file is changed, where it must point, what it must say. */
const FILES: readonly [string, (target: Loose) => void, string, RegExp][] = [
  ['unknown-key', ({ client }) => set(client, 'redirectUrl', '/retour'), 'client.redirectUrl', /vouliez-vous dire « redirectUri »/],
  ['wrong-type', ({ simulator }) => set(simulator.ports, 'wallet', 'abc'), 'simulator.ports.wallet', /"abc" n'est pas ce qui est attendu/],
  ['driver', (target) => set(target, 'driver', 'absent.driver.ts'), 'driver (ligne ', /Le pilote « absent\.driver\.ts » n'existe pas/],
  ['production', (target) => set(target, 'environment', 'production'), 'environment (ligne ', /environnement de production/],
  ['secret', ({ client }) => set(client, 'secretEnv', 'ABSENTE'), 'client.secretEnv (ligne ', /« ABSENTE » est vide ou absente/],
]

test.each(FILES)('target file: %s', TIMEOUT, async (name, change, path, sentence) => {
  const file = here.target(name, change)
  const ended = await hospicert(['certify', '--target', file])
  expect(ended.said).toContain(`Où : ${file} → ${path}`)
  expectRefusal(ended, ended.said.split('\n')[0]?.replace('Où : ', '') ?? '', sentence)
  expect(here.runsOf(name)).toEqual([])
})

test('target file: malformed', TIMEOUT, async () => {
  const file = here.write('malformed.target.json', '{\n  "id": "x",\n  role: "relying-party"\n}\n')
  expectRefusal(await hospicert(['certify', '--target', file]), `${file} → ligne 3, colonne 3`, /n'est pas du JSON : on attendait un nom/)
})

test('target file: absent', TIMEOUT, async () => {
  const file = join(here.folder, 'absent.target.json')
  expectRefusal(await hospicert(['certify', '--target', file]), file, /n'existe pas/)
})

test.each([
  [['certify', '--modul', 'rp/login/nominal'], '--modul', /--modul n'existe pas[\s\S]*Vouliez-vous dire --module \?/],
  [['certify', '--target'], '--target', /--target attend une valeur/],
  [['certify', '--workers', 'deux'], '--workers', /nombre entier d'au moins 1, et non « deux »/],
  [['certify', '--allure', '4'], '--allure', /2 ou 3, et non « 4 »/],
  [['certify', '--module', 'rp/login/nominel'], '--module', /Aucun module[\s\S]*« rp\/login\/nominel »[\s\S]*« rp\/login\/nominal »/],
  [['kill', '--defect', 'ignores-au'], '--defect', /Vouliez-vous dire ignores-aud/],
])('option: %j', TIMEOUT, async (args, place, sentence) => {
  expectRefusal(await hospicert(args), place, sentence)
})

test('a command that does not exist, and a word too many', TIMEOUT, async () => {
  const command = await hospicert(['certfy'])
  expect(command).toMatchObject({ code: 3, said: expect.stringMatching(/« certfy » n'existe pas[\s\S]*Vouliez-vous dire certify \?/) })
  const word = await hospicert(['certify', 'dpi.target.json'])
  expect(word).toMatchObject({ code: 3, said: expect.stringMatching(/« dpi\.target\.json » n'est pas une option[\s\S]*--target/) })
})

test('a browser that is not there', TIMEOUT, async () => {
  const ended = await hospicert(['certify', '--target', here.target('browser')], { HOSPICERT_BROWSER: '/absent/chrome' })
  expectRefusal(ended, 'HOSPICERT_BROWSER', /« \/absent\/chrome », qui n'existe pas/)
  expect(here.runsOf('browser')).toEqual([])
})

test('a folder without a run, and a run of which a part is missing', TIMEOUT, async () => {
  expectRefusal(await hospicert(['report', here.folder]), join(here.folder, 'run.json'), /run\.json est absent/)
  const record = here.write('run.json', '{ "schemaVersion": 1, "id": "coupé"')
  for (const command of ['report', 'judge']) expectRefusal(await hospicert([command, here.folder]), record, /pas lisible/)
})
