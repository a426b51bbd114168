import type { Browser } from 'playwright'
import type { Driver, DriverContext } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'
import { exchangesAt, type Journal, type Observation, of } from '#core/journal.ts'
import { login } from '#core/module.ts'
import type { Calibration } from '#core/record.ts'
import { sameAddress } from '#core/redirect.ts'
import type { Cast, RunFacts } from './cast.ts'
import { beyondEngine } from './engine.ts'
import { play } from './play/verbs.ts'
import { beyond, note, observe, openWindow, type Scene } from './play/window.ts'

/**
 * Before anything is judged: nobody, then the canary. The driver must tell them apart; if not, the run stops and says which
 * setting is wrong.
 * @throws HarnessError `CALIBRATION_FAILED`, `CLIENT_REFUSED`, `DRIVER_STEP_FAILED`, `PRODUCT_UNREACHABLE`
 */
export async function calibrate(cast: Cast, browser: Browser, driver: Driver, context: DriverContext): Promise<Calibration> {
  const started = Date.now()
  const file = cast.facts.targetFile
  const nobody = await seeNobody(cast, browser, driver, context)
  if (nobody.signedIn !== null) {
    const path = nobody.signedIn === 'unreadable' ? 'driver.signedOut' : 'driver.signedIn'
    const seen =
      nobody.signedIn === 'unreadable'
        ? "la page ne dit pas que personne n'est connecté"
        : `la page semble montrer quelqu'un (« ${nobody.signedIn} »)`
    throw new HarnessError('CALIBRATION_FAILED', `Étalonnage : sans connexion, ${seen}. Page lue : ${nobody.url}`, {
      fix: `Corrigez ${path} : signedOut ne doit se voir que sans session, signedIn qu'avec une session.`,
      place: { file, path },
    })
  }
  const scene = sceneOf('etalonnage-canari', cast, browser, driver, context)
  const journal = await playScene(scene, cast, () => play(scene, login(), cast))
  refuseScripts(journal, cast)
  const look = of(journal, 'observation').find(({ moment }) => moment === 'after-login')
  if (look?.signedIn !== 'canari') throw diagnose(journal, look, cast)
  return {
    honest: { persona: 'canari', seen: look.signedIn, ...(look.screenshot ? { screenshot: look.screenshot } : {}) },
    nobody: { seen: nobody.signedIn, ...(nobody.screenshot ? { screenshot: nobody.screenshot } : {}) },
    duration: Date.now() - started,
  }
}

/** A product that shows itself by scripts is not for an engine without rendering: said before anything is judged. */
function refuseScripts(journal: Journal, { facts }: Cast): void {
  const sentence = beyondEngine(journal)
  if (sentence === undefined) return
  throw new HarnessError('NEEDS_RENDERING', `Étalonnage : ${sentence}`, {
    fix: 'Relancez avec --engine browser : le moteur HTTP lit les pages telles qu’elles arrivent, sans en exécuter les scripts.',
    place: { file: facts.targetFile, path: '--engine' },
  })
}

function sceneOf(unit: string, cast: Cast, browser: Browser, driver: Driver, context: DriverContext): Scene {
  return { unit, flow: unit, browser, driver, facts: cast.facts, context, pictures: true, notes: [] }
}

async function playScene(scene: Scene, cast: Cast, act: () => Promise<void>): Promise<Journal> {
  await cast.openFlow({ id: scene.flow, unit: scene.unit, faults: [], persona: 'canari', means: 'card' })
  try {
    await act()
  } finally {
    await cast.append(scene.flow, scene.notes)
  }
  const journal = await cast.read(scene.flow)
  await cast.closeFlow(scene.flow)
  return journal
}

async function seeNobody(cast: Cast, browser: Browser, driver: Driver, context: DriverContext): Promise<Observation> {
  const scene = sceneOf('etalonnage-personne', cast, browser, driver, context)
  const journal = await playScene(scene, cast, async () => {
    const window = await openWindow(scene)
    try {
      await driver.openProtectedPage(window.page, context)
      await observe(scene, window, 'before-login', { picture: true })
      const limit = beyond(window)
      if (limit) note(scene, limit)
    } finally {
      await window.context.close()
    }
  })
  refuseScripts(journal, cast)
  return of(journal, 'observation')[0] as Observation
}

/** Why an honest login did not end with the canary on the page: the setting to look at, from what the wire shows. */
function diagnose(journal: Journal, look: Observation | undefined, { facts }: Cast): HarnessError {
  const picture = look?.screenshot
    ? ` L'image de la page : ${look.screenshot}, dans le dossier du passage.`
    : facts.engine === 'http'
      ? " Si le produit s'affiche par script, relancez avec --engine browser."
      : ''
  const failed = (path: string, observed: string, fix: string, code: HarnessError['code'] = 'CALIBRATION_FAILED') =>
    new HarnessError(code, `Étalonnage : ${observed}`, { fix: fix + picture, place: { file: facts.targetFile, path } })
  const trouble = of(journal, 'trouble')[0]
  if (trouble?.code === 'DRIVER_STEP_FAILED') {
    const [path = 'driver', ...what] = trouble.sentence.split(' : ')
    const fix = "Relevez dans la page le rôle et le nom exacts de l'élément, et corrigez ce chemin."
    return failed(path, what.join(' : '), fix, 'DRIVER_STEP_FAILED')
  }
  if (trouble?.code === 'PRODUCT_UNREACHABLE')
    return failed('baseUrl', trouble.sentence, 'Démarrez le produit, ou corrigez baseUrl ou hosts.', 'PRODUCT_UNREACHABLE')
  const request = exchangesAt(journal, 'authorization')[0]
  if (trouble?.code === 'REQUEST_REFUSED') {
    const { client_id: client, redirect_uri: back } = request?.params ?? {}
    if (client !== facts.clientId)
      return failed(
        'client.id',
        `le produit se présente comme « ${client} » au lieu de « ${facts.clientId} ».`,
        'Réglez le même identifiant de client des deux côtés.',
      )
    if (!sameAddress(back, facts.redirectUri)) {
      return failed(
        'client.redirectUri',
        `le produit demande le retour à « ${back} », alors que « ${facts.redirectUri} » est enregistré.`,
        'Réglez la même adresse de retour des deux côtés, au caractère près.',
      )
    }
    return failed('client', trouble.sentence, 'Corrigez la demande que le produit envoie, ou les réglages client de la cible.')
  }
  if (trouble?.code === 'NO_AUTHORIZATION_REQUEST') {
    return failed(
      'driver.login',
      trouble.sentence,
      `Vérifiez les gestes de driver.login, et que le produit est réglé sur l'émetteur ${facts.issuer}.`,
    )
  }
  const returned = request ? exchangesAt(journal, 'authorization').find(({ error }) => error) : undefined
  if (returned)
    return failed(
      'client.scope',
      `le fournisseur a répondu par l'erreur « ${returned.error} ».`,
      'Corrigez scope, acr_values ou la demande du produit.',
    )
  const token = exchangesAt(journal, 'token')[0]
  if (token?.error === 'invalid_client') return clientRefused(facts, token.clientAuth ?? 'aucune')
  if (token?.error)
    return failed(
      'client',
      `le point de jeton a répondu « ${token.error} ».`,
      'Lisez journaux/etalonnage-canari.jsonl : la demande de jeton du produit y est.',
    )
  if (!token && request) {
    const fix = `Vérifiez que le serveur du produit résout ${new URL(facts.authOrigin).hostname} et fait confiance à l'autorité locale (out/pki/ca.pem).`
    return failed('client', "le produit n'a pas appelé le point de jeton après le retour du fournisseur.", fix)
  }
  if (look?.signedIn === null && look.refusal)
    return failed(
      'personas.canari',
      `le produit refuse le canari : « ${look.refusal.slice(0, 300)} »`,
      'Créez ce professionnel fictif dans l’annuaire du produit (voir professionnels.json du passage).',
    )
  if (look?.signedIn === 'someone-else' || (look && look.signedIn !== 'unreadable' && look.signedIn !== null)) {
    const text = look.text.replaceAll(/\s+/g, ' ').slice(0, 200)
    return failed(
      'personas.canari.needle',
      `quelqu'un est connecté, mais le texte attendu « ${facts.target.personas['canari']?.needle} » n'est pas là où driver.signedIn le cherche. La page dit : « ${text} »`,
      'Corrigez personas.canari.needle (ou driver.signedIn).',
    )
  }
  if (look?.signedIn === 'unreadable') {
    return failed(
      'driver.signedIn',
      `la connexion est allée au bout chez le fournisseur, mais la page ${look.url} ne montre ni signedIn ni signedOut.`,
      'Corrigez driver.signedIn : l’élément qui porte le nom du professionnel connecté.',
    )
  }
  return failed(
    'driver',
    trouble?.sentence ?? `après la connexion, la page ${look?.url ?? ''} ne montre personne.`,
    'Lisez journaux/etalonnage-canari.jsonl et produit.log dans le dossier du passage.',
  )
}

/** The token endpoint did not know the product: the method differs, or what it proves itself with. */
function clientRefused({ targetFile, target }: RunFacts, used: string): HarnessError {
  const { auth, secretEnv } = target.client
  const refused = 'Étalonnage : le fournisseur refuse le client (invalid_client) :'
  if (used !== auth) {
    return new HarnessError('CLIENT_REFUSED', `${refused} le produit s'authentifie par « ${used} », la cible déclare « ${auth} ».`, {
      fix: 'Réglez le produit sur cette méthode, ou écrivez dans client.auth celle du produit.',
      place: { file: targetFile, path: 'client.auth' },
    })
  }
  const secret = auth.startsWith('client_secret')
  const proof = secret ? 'le secret présenté' : auth === 'tls_client_auth' ? 'le certificat présenté' : 'la clé présentée'
  const source = secretEnv ?? 'HOSPICERT_CLIENT_SECRET'
  return new HarnessError('CLIENT_REFUSED', `${refused} la méthode est bien « ${auth} », mais ${proof} n'est pas ce que la cible déclare.`, {
    fix: secret
      ? `Donnez au produit le secret de la variable d'environnement ${source}, au caractère près.`
      : `Donnez au produit ce que déclare ${auth === 'tls_client_auth' ? 'client.certificateSubject' : 'client.jwksFile'}.`,
    place: {
      file: targetFile,
      path: secret ? (secretEnv ? 'client.secretEnv' : 'start') : auth === 'tls_client_auth' ? 'client.certificateSubject' : 'client.jwksFile',
    },
  })
}
