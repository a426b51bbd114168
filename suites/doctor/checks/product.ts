import { type Observation, of } from '#core/journal.ts'
import type { Target } from '#core/target.ts'
import type { Evidence } from '../evidence.ts'
import { type Check, elsewhere, type Found, type Look, landmarks, shortened } from '../found.ts'

/** Seconds by which clocks may differ before it is worth a word, and before tokens of two minutes are in danger. */
const CLOCK_NOTICE = 10
const CLOCK_DANGER = 60

/** A client of the workstation listens nowhere. */
function client({ driver }: Target): Look {
  return typeof driver === 'object' && driver !== null && 'client' in driver ? { unseen: "un client du poste n'a pas de site" } : {}
}

export const reach: Check = ({ reach: seen, target }) => {
  if (!seen) return client(target)
  const { hostname, port, url } = seen
  const found = (id: Found['id'], sentence: string): { found: Found[] } => ({ found: [{ id, seen: sentence }] })
  if (seen.connection === 'unresolved') return found('product-name', `Cette machine ne connaît pas le nom « ${hostname} ».`)
  if (seen.connection === 'refused') return found('product-not-started', `Rien n'écoute sur le port ${port} de « ${hostname} ».`)
  if (seen.connection === 'silent') return found('product-silent', `Le port ${port} de « ${hostname} » ne répond pas.`)
  const failed = seen.tls?.failed
  if (failed && /WRONG_VERSION|PACKET_LENGTH|HTTP_REQUEST|ECONNRESET/.test(failed))
    return found('product-scheme', `${target.baseUrl} est en https, mais le port ${port} parle http (${failed}).`)
  if (failed) return found('product-tls', `Aucune session TLS avec ${url} (${failed}).`)
  if (!seen.tls && seen.status === undefined)
    return found(
      'product-scheme',
      `${target.baseUrl} est en http, mais le port ${port} ne répond pas à une requête http : il attend sans doute https.`,
    )
  if (!seen.tls && seen.status === 400)
    return found('product-scheme', `${target.baseUrl} est en http, et le port ${port} refuse cette requête (400).`)
  return { well: `${url} répond (HTTP ${seen.status ?? '–'}).` }
}

export const certificate: Check = ({ reach: seen, target }) => {
  const tls = seen?.tls
  if (seen?.connection !== 'open') return seen ? {} : client(target)
  if (!tls) return target.baseUrl.startsWith('http:') ? { unseen: 'le produit est en http' } : {}
  if (tls.failed) return {}
  const found: Found[] = []
  if (tls.matchesName === false) {
    const names = tls.names?.length ? tls.names.join(', ') : 'aucun nom'
    found.push({ id: 'product-certificate-name', seen: `Le certificat vaut pour ${names}, et non pour « ${seen.hostname} ».` })
  }
  if (tls.expired) found.push({ id: 'product-certificate-expired', seen: `Le certificat du produit a expiré le ${tls.notAfter}.` })
  if (tls.untrusted)
    found.push({
      id: 'product-certificate-untrusted',
      seen: `Aucune autorité publique, ni celle d'out/pki, n'a émis ce certificat (${tls.untrusted}).`,
    })
  return found.length > 0 ? { found } : { well: `Il vaut pour ${seen.hostname}, jusqu'au ${tls.notAfter}.` }
}

export const clock: Check = ({ reach: seen, target }) => {
  if (!seen) return client(target)
  if (seen.skew === undefined) return { unseen: "le produit n'a pas donné l'heure (en-tête Date)" }
  const seconds = Math.round(seen.skew / 1000)
  const words = `${Math.abs(seconds)} s ${seconds > 0 ? "d'avance" : 'de retard'} sur cette machine`
  if (Math.abs(seconds) < CLOCK_NOTICE) return { well: Math.abs(seconds) < 2 ? "À l'heure (en-tête Date)." : `${words} (en-tête Date).` }
  const state = Math.abs(seconds) >= CLOCK_DANGER ? 'erreur' : 'attention'
  return { found: [{ id: 'product-clock', state, seen: `L'horloge du produit a ${words} (en-tête Date).` }] }
}

export const page: Check = (evidence) => {
  const [nobody] = of(evidence.nobody, 'observation')
  if (!nobody) return {}
  const broken = brokenPage(nobody)
  if (broken) return { found: [broken] }
  const found = [...signs(nobody), ...gestures(evidence)]
  return found.length > 0 ? { found } : { well: "Sans session, la page dit que personne n'est connecté, et les gestes de driver.login se font." }
}

/** The protected page is not there at all. */
function brokenPage({ httpStatus: status, url, signedIn }: Observation): Found | undefined {
  if (status === null || status < 400 || (signedIn === null && status < 500 && ![404, 405, 410].includes(status))) return undefined
  const seen = `${url} répond HTTP ${status}.`
  return status >= 500 ? { id: 'page-error', seen } : { id: 'page-missing', seen }
}

function signs({ signedIn, url }: Observation): Found[] {
  if (signedIn === null) return []
  if (signedIn === 'unreadable')
    return [{ id: 'locator-signed-out', seen: `sans connexion, la page ne dit pas que personne n'est connecté. Page lue : ${url}` }]
  return [{ id: 'locator-signed-in-always', seen: `sans connexion, la page semble montrer quelqu'un (« ${signedIn} »). Page lue : ${url}` }]
}

function gestures(evidence: Evidence): Found[] {
  const { trouble, request, look } = landmarks(evidence)
  const offers = (evidence.offered ?? []).map(({ role, name }) => `${role === 'link' ? 'lien' : 'bouton'} « ${name} »`)
  const offered = offers.length > 0 ? ` Cette page offre : ${offers.join(', ')}.` : ''
  if (trouble?.code === 'DRIVER_STEP_FAILED') {
    const [path = 'driver', ...what] = trouble.sentence.split(' : ')
    const seen = `${what.join(' : ')}${offered}`
    if (path.startsWith('driver.chooseExercise')) return [{ id: 'locator-exercise', seen, target: path }]
    return request ? [] : [{ id: 'locator-login', seen, target: path }]
  }
  if (trouble?.code !== 'NO_AUTHORIZATION_REQUEST' || elsewhere(evidence)) return []
  // Nothing went wrong on the page, and nothing left it: the gesture was not the one that signs in.
  const moved = evidence.hops.length > 1
  if (moved || look?.signedIn !== null || look.refusal) return []
  return [{ id: 'login-not-started', seen: `${trouble.sentence} La page montre : « ${shortened(look.text)} »${offered}` }]
}
