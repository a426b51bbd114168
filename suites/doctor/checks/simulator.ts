import { of } from '#core/journal.ts'
import type { AdviceId } from '#core/requirement.ts'
import type { Evidence } from '../evidence.ts'
import { type Check, elsewhere, type Found, landmarks, tlsTroubles } from '../found.ts'
import { signIn } from '../log-signs.ts'

/** What the product's server says when it hangs up, in OpenSSL's words. */
const TLS: readonly (readonly [RegExp, AdviceId, (host: string, name: string) => string])[] = [
  [
    /ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE)/,
    'ca-not-trusted',
    (host) => `Le produit a refusé le certificat de ${host} : il ne fait pas confiance à l'autorité qui l'a émis`,
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_SHARED_CIPHER|VERSION_TOO_LOW/,
    'tls-version',
    (host) => `Le produit a proposé à ${host} une version de TLS ou des algorithmes trop anciens`,
  ],
  [/HTTP_REQUEST/, 'simulator-plain-http', (host) => `Le produit a parlé http à ${host}, qui n'écoute qu'en https`],
  [
    /NO_REQUEST/,
    'simulator-certificate-name',
    (host, name) => `Le produit a joint ${host} sous le nom « ${name} », qui n'est pas dans son certificat, et a raccroché`,
  ],
]

const SIGNS = ['simulator-name', 'simulator-refused', 'ca-not-trusted', 'simulator-certificate-name', 'simulator-proxy'] as const

export const simulator: Check = (evidence) => {
  const { canary, reached, request, trouble, token, callback } = landmarks(evidence)
  if (canary) return { well: reached ? 'Son serveur a appelé le simulateur, en https.' : 'La connexion est allée au bout.' }
  const found = ofTls(evidence)
  if (found.length > 0) return { found }
  const wentNowhere = (trouble?.code === 'NO_AUTHORIZATION_REQUEST' && !elsewhere(evidence)) || (request && callback && !token)
  const sign = wentNowhere ? signIn(evidence.log, ...SIGNS) : undefined
  if (sign) return { found: [{ id: sign.id, seen: `${SAID[sign.id] ?? ''} Le produit écrit : ${sign.line}` }] }
  if (reached) return { well: 'Son serveur a appelé le simulateur, en https.' }
  if (trouble?.code !== 'NO_AUTHORIZATION_REQUEST' || elsewhere(evidence)) return {}
  if (evidence.hops.length <= 1) return {}
  const last = evidence.hops.at(-1)
  return {
    found: [
      {
        id: 'simulator-unreachable',
        seen: `Après le geste de connexion, le produit répond ${last?.status ?? 'sans statut'} à ${last?.url}, et son serveur n'a jamais appelé le simulateur.`,
      },
    ],
  }
}

const SAID: Readonly<Partial<Record<AdviceId, string>>> = {
  'simulator-name': 'Le serveur du produit ne connaît pas le nom du simulateur.',
  'simulator-refused': "Le serveur du produit n'a trouvé personne au port du simulateur.",
  'ca-not-trusted': "Le serveur du produit ne fait pas confiance à l'autorité du simulateur.",
  'simulator-certificate-name': 'Le serveur du produit joint le simulateur sous un nom qui n’est pas dans son certificat.',
  'simulator-proxy': 'Le serveur du produit passe par un mandataire qui ne connaît pas le simulateur.',
}

function ofTls({ stray }: Evidence): Found[] {
  const told = new Map<AdviceId, Found>()
  for (const { code, host, name } of tlsTroubles(stray)) {
    const [, id, sentence] = TLS.find(([pattern]) => pattern.test(code)) ?? []
    if (id && sentence && !told.has(id)) told.set(id, { id, seen: `${sentence(host, name)}${code === 'NO_REQUEST' ? '' : ` (${code})`}.` })
  }
  return [...told.values()]
}

export const discovery: Check = (evidence) => {
  const { discovery: read, request, trouble, canary } = landmarks(evidence)
  const { facts, log } = evidence
  if (!facts) return {}
  const found: Found[] = []
  const away = elsewhere(evidence)
  if (away) found.push(toAnother(evidence, away))
  const lost = of(evidence.stray, 'exchange').find(({ status, url, site }) => status === 404 && (site === 'unknown' || url.includes('.well-known')))
  if (lost && read.length === 0 && !canary)
    found.push({
      id: 'discovery-path',
      seen: `Le produit a cherché le document de découverte à ${lost.url} (404). Il est à ${facts.issuer}/.well-known/wallet-openid-configuration.`,
    })
  const standard = read.length > 0 && read.every(({ url }) => url.endsWith('/.well-known/openid-configuration'))
  if (standard && evidence.target.simulator?.discovery !== 'standard')
    found.push({ id: 'discovery-standard', seen: `Le produit lit ${read[0]?.url}, qui n'annonce pas la page de connexion de Pro Santé Connect.` })
  if (read.length > 0 && !request && !away && trouble?.code === 'NO_AUTHORIZATION_REQUEST') {
    const sign = signIn(log, 'issuer-mismatch')
    const said = sign ? ` Le produit écrit : ${sign.line}` : ''
    found.push({ id: 'issuer-mismatch', seen: `Le produit a lu la découverte, dont l'émetteur est ${facts.issuer}, et s'est arrêté là.${said}` })
  }
  if (request?.url.startsWith(facts.authOrigin) && !standard)
    found.push({ id: 'authorization-host', seen: `Le produit envoie le navigateur à ${request.url}, au lieu de ${facts.walletOrigin}/auth.` })
  if (found.length > 0) return { found }
  if (read.length > 0) return { well: `${read[0]?.url} a été lu ; émetteur ${facts.issuer}.` }
  return request ? { unseen: "le produit ne l'a pas lue pendant ce passage : configuration statique, ou lue avant" } : {}
}

/** The authorization request went elsewhere: wholly, or while discovery is read here. */
function toAnother(evidence: Evidence, { url }: { readonly url: string }): Found {
  const { origin, hostname } = new URL(url)
  const real = /(^|\.)esante\.gouv\.fr$/.test(hostname)
  const which = real ? (hostname.includes('bas') ? ' (le bac à sable de Pro Santé Connect)' : ' (la production de Pro Santé Connect)') : ''
  const sent = `Le produit envoie le navigateur à ${origin}${which}`
  if (landmarks(evidence).discovery.length > 0)
    return { id: 'environment-mixed', seen: `${sent}, alors qu'il lit la découverte du simulateur : sa configuration mêle deux environnements.` }
  return { id: 'other-issuer', seen: `${sent}, et non au simulateur (${evidence.facts?.walletOrigin}).` }
}
