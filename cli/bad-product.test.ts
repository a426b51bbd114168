import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectFailedRecord, expectRefusal, hospicert, type Loose, REFERENCE, room, set } from './spawn.test-data.ts'

/** What is wrong once the run has begun: the run folder stays, with the reason in its record. */
const here = room()
const ABSENT = { css: '#absent' }
const TIMEOUT = { timeout: 120_000 }
let occupied: Server
beforeAll(async () => {
  occupied = await new Promise<Server>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => done(server))
  })
})
afterAll(() => {
  occupied.close()
  here.clean()
})

/** The refusal of a run, on the terminal and in the record. */
async function refused(name: string, change: (target: Loose) => void, expected: [code: string, path: string, sentence: RegExp], env = {}) {
  const file = here.target(name, change)
  const ended = await hospicert(['certify', '--target', file, '--module', 'rp/login/nominal'], env)
  const [code, path, sentence] = expected
  expectRefusal(ended, /^[A-Z_]+$/.test(path) ? path : `${file} → ${path}`, sentence)
  expect(ended.said).toMatch(/^Passage : out\/\S+$/m)
  const [run, ...others] = here.runsOf(name)
  expect(others).toEqual([])
  return { record: expectFailedRecord(run, code, path), said: ended.said }
}

/** The reference behind a shell that changes what the harness hands it. */
function behind(assignment: string) {
  return ({ start }: Loose) => {
    start.command = ['sh', '-c', `${assignment} exec node '${REFERENCE}'`]
  }
}

test('a product that nobody started', TIMEOUT, async () => {
  const change = (target: Loose) => {
    delete target.start
    delete target.variants
    target.baseUrl = 'https://127.0.0.1:1'
    target.client.secretEnv = 'SECRET_DU_TEST'
  }
  const { record } = await refused('unreachable', change, ['PRODUCT_UNREACHABLE', 'baseUrl', /ne répond pas à https:\/\/127\.0\.0\.1:1\./], {
    SECRET_DU_TEST: 'un secret de test',
  })
  expect(record.target.baseUrl).toBe('https://127.0.0.1:1')
})

test('a start command that does not exist', TIMEOUT, async () => {
  const change = ({ start }: Loose) => set(start, 'command', ['commande-absente'])
  await refused('no-command', change, ['PRODUCT_STOPPED', 'start.command', /La commande « commande-absente » n'existe pas/])
})

test('a product that ends at once shows its last lines', TIMEOUT, async () => {
  const change = ({ start }: Loose) => set(start, 'command', ['node', '-e', 'console.error("base de données absente"); process.exit(7)'])
  await refused('stops', change, [
    'PRODUCT_STOPPED',
    'start.command',
    /arrêté au démarrage \(code 7\)\.\nSes dernières lignes :\n {4}base de données absente/,
  ])
})

test('a product that is never ready', TIMEOUT, async () => {
  const change = ({ start }: Loose) => {
    start.command = ['node', '-e', 'console.log("en attente"); setInterval(() => {}, 1000)']
    start.readyWithin = 1500
  }
  await refused('not-ready', change, ['PRODUCT_NOT_READY', 'start.readyUrl', /ne répond pas à \S+\/sante après 1\.5 s[\s\S]* {4}en attente/])
})

test('a driver without its verbs', TIMEOUT, async () => {
  here.write('vide.driver.ts', 'export default { startLogin: async () => {} }\n')
  const change = (target: Loose) => set(target, 'driver', 'vide.driver.ts')
  await refused('driver', change, ['DRIVER_MISSING', 'driver', /vide\.driver\.ts n'a pas whoIsSignedIn, openProtectedPage/])
})

test('a port of the simulator that is taken', TIMEOUT, async () => {
  const { port } = occupied.address() as { port: number }
  const change = ({ simulator }: Loose) => set(simulator, 'ports', { wallet: 0, auth: port })
  await refused('port', change, ['PORT_TAKEN', 'simulator.ports.auth', new RegExp(`Le port ${port} est déjà utilisé`)])
})

test('a browser that does not start', TIMEOUT, async () => {
  await refused('browser', () => {}, ['BROWSER_FAILED', 'HOSPICERT_BROWSER', /\/bin\/false \(configuré par HOSPICERT_BROWSER\) ne démarre pas/], {
    HOSPICERT_BROWSER: '/bin/false',
  })
})

test('another client secret', TIMEOUT, async () => {
  await refused('secret', behind('HOSPICERT_CLIENT_SECRET=un-autre-secret'), ['CLIENT_REFUSED', 'start', /le secret présenté n'est pas/])
})

test('another redirect URI', TIMEOUT, async () => {
  const change = behind('HOSPICERT_REDIRECT_URI="$HOSPICERT_BASE_URL/ailleurs"')
  await refused('redirect', change, ['CALIBRATION_FAILED', 'client.redirectUri', /retour à « \S+\/ailleurs », alors que « \S+\/retour »/])
})

test('a needle that the page does not show', TIMEOUT, async () => {
  const change = ({ personas }: Loose) => set(personas.canari, 'needle', 'Personne de ce nom')
  await refused('needle', change, ['CALIBRATION_FAILED', 'personas.canari.needle', /« Personne de ce nom » n'est pas[\s\S]*Piou CANARI-FICTIF/])
})

const LOCATORS: readonly [string, (recipe: Loose) => void, [string, string, RegExp]][] = [
  ['login', ({ login }) => set(login[0].click, 'name', 'Entrer'), ['DRIVER_STEP_FAILED', 'driver.login[0]', /« Entrer » n'a pas été trouvé/]],
  ['signed-in', (recipe) => set(recipe, 'signedIn', ABSENT), ['CALIBRATION_FAILED', 'driver.signedIn', /ne montre ni signedIn ni signedOut/]],
  ['signed-out', (recipe) => set(recipe, 'signedOut', ABSENT), ['CALIBRATION_FAILED', 'driver.signedOut', /sans connexion, la page/]],
]

test.each(LOCATORS)('a locator that finds nothing: %s', TIMEOUT, async (name, change, expected) => {
  const { record } = await refused(name, (target) => change(Object.assign(target, { timing: { page: 4000 } }).driver), expected)
  expect(record.simulator.issuer).toMatch(/^https:/)
})
