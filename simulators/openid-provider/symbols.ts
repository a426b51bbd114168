import { randomBytes } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import { seconds } from '#core/clock.ts'
import { HarnessError } from '#core/errors.ts'
import type { Json, Resolve } from '#core/fault.ts'
import type { Certificates } from './certificates.ts'
import type { Flow, Flows } from './flows.ts'
import { type KeyRing, publicJwk, type SigningKey } from './keys.ts'
import { type Peer, peerSymbols } from './peer.ts'
import type { Account } from './profile.ts'

/** What symbolic values are resolved from. */
export interface SymbolSource {
  readonly clock: Clock
  readonly clientId: string
  readonly issuer: string
  readonly accounts: readonly Account[]
  readonly flows: Flows
  readonly flow: Flow
  /** A registered client that is not the product. */
  readonly otherClientId: string
  readonly peer?: Peer | undefined
  readonly keys: KeyRing
  readonly certificates: Certificates
  /** Algorithm of the client's ID tokens. */
  readonly idTokenAlg: string
  /** Origins of the host that nobody should call, with and without TLS. */
  readonly probe: { readonly secure: string; readonly plain: string }
  /** An address on another host that only listens. */
  readonly trap: string
}

/** Kid under which the hostile key goes about. */
export const HOSTILE_KID = 'hospicert-hostile'

/** The hostile key as it shows itself: everything but its origin is as it should be. */
export function hostileJwk(keys: KeyRing, alg = 'RS256'): { readonly [member: string]: Json } {
  return { ...publicJwk(keys.foreign(alg)), kid: HOSTILE_KID }
}

/** Names that a fault may use in `{ ref: … }`. */
export function createResolve(source: SymbolSource): Resolve {
  const { keys, certificates, issuer } = source
  const next = () => keys.next(source.idTokenAlg)
  const under = (key: SigningKey, kid: string): Json => ({ ...publicJwk(key), kid })
  const places: Readonly<Record<string, () => string>> = {
    issuer: () => issuer,
    client: () => source.clientId,
    subject: () => source.accounts.find(({ id }) => id === source.flow.persona)?.subject ?? '',
    flow: () => source.flow.id,
    probe: () => `${source.probe.secure}/${source.flow.id}`,
    'probe-http': () => `${source.probe.plain}/${source.flow.id}`,
  }
  const own = () => source.accounts.find(({ id }) => id === source.flow.persona)?.subject ?? ''
  const named: Readonly<Record<string, () => Json>> = {
    fresh: () => randomBytes(16).toString('base64url'),
    'own-issuer': () => source.issuer,
    'own-client': () => source.clientId,
    'own-client-array': () => [source.clientId],
    'own-client-upper-case': () => source.clientId.toUpperCase(),
    'own-and-other-client-joined': () => `${source.clientId} ${source.otherClientId}`,
    'own-client-nested': () => [[source.clientId]],
    'other-client-array': () => [source.otherClientId],
    'other-client': () => source.otherClientId,
    'unknown-client': () => `${source.clientId}1`,
    'own-and-unknown-client': () => [source.clientId, `${source.clientId}1`],
    'issuer-other-case': () => issuer.replace(/^https:\/\/[^/]+/, (origin) => origin.toUpperCase()),
    'issuer-path-other-case': () => issuer.replace(/[^/]+$/, (last) => last.toUpperCase()),
    'issuer-other-port': () => issuer.replace(/:(\d+)\//, (_, port) => `:${Number(port) + 1}/`),
    'issuer-without-port': () => issuer.replace(/:\d+\//, '/'),
    'issuer-over-http': () => issuer.replace('https:', 'http:'),
    'issuer-parent': () => issuer.slice(0, issuer.lastIndexOf('/')),
    'published-jwk': () => publicJwk(keys.keys[0]),
    'published-private-jwk': () => keys.keys[0].jwk as Json,
    'hostile-jwk': () => hostileJwk(keys, source.idTokenAlg),
    'hostile-jwk-text': () => JSON.stringify(hostileJwk(keys, source.idTokenAlg)),
    // A kid of its own in each flow, so that a product that keeps keys reads them again.
    'next-kid': () => `hospicert-${source.flow.id}`,
    // The key that signs as ever, under a new name: a product that keeps keys reads it again.
    'published-jwk-renamed': () => under(keys.keys.find(({ alg }) => alg === source.idTokenAlg) ?? keys.keys[0], `hospicert-${source.flow.id}`),
    'next-jwk': () => under(next(), `hospicert-${source.flow.id}`),
    'next-private-jwk': () => ({ ...next().jwk, kid: `hospicert-${source.flow.id}` }) as Json,
    'weak-1024-jwk': () => under(keys.weak('1024'), `hospicert-${source.flow.id}`),
    'weak-exponent-1-jwk': () => under(keys.weak('exponent-1'), `hospicert-${source.flow.id}`),
    'weak-exponent-3-jwk': () => under(keys.weak('exponent-3'), `hospicert-${source.flow.id}`),
    'published-certificate': () => certificates.published(source.idTokenAlg),
    'hostile-certificate': () => certificates.hostile,
    'expired-certificate': () => certificates.expired(source.idTokenAlg),
    'other-issuer': () => source.issuer.replace('://auth.', '://auth-autre.'),
    'other-subject': () => {
      const other = source.accounts.find(({ id }) => id !== source.flow.persona)
      return other ? other.subject : `f:autre:${source.flow.persona}`
    },
    'own-and-other-subject': () => [own(), known['other-subject']?.() ?? ''],
    'other-and-own-subject': () => [known['other-subject']?.() ?? '', own()],
    'other-national-id': () => source.accounts.find(({ id }) => id !== source.flow.persona)?.nationalId ?? 'autre',
    'other-ids': () => source.accounts.find(({ id }) => id === source.flow.persona)?.claims['otherIds'] ?? [],
    trap: () => source.trap,
    'beyond-max-age': () => {
      const { maxAge } = source.flow.asked
      if (maxAge === undefined)
        throw new HarnessError('FAULT_UNRESOLVED', "La demande d'autorisation ne portait pas max_age : rien ne dit ce qui est trop ancien.", {
          fix: 'Déclarez la capacité max-age seulement si le produit envoie max_age.',
        })
      return seconds(source.clock) - maxAge - 3600
    },
    'previous-nonce': () => {
      const nonce = source.flows.previousNonce(source.flow)
      if (nonce === undefined) {
        throw new HarnessError('FAULT_UNRESOLVED', "Aucune connexion précédente n'a fourni de nonce à rejouer.", {
          fix: 'Lancez le témoin avant ce module.',
        })
      }
      return nonce
    },
  }
  const known: Readonly<Record<string, () => Json>> = { ...named, ...peerSymbols(source.peer, source.flow.persona) }
  return (symbol) => {
    if ('now' in symbol) return seconds(source.clock) + symbol.now
    if ('fill' in symbol) return symbol.fill.replaceAll(/\{([a-z-]+)\}/g, (whole, place: string) => places[place]?.() ?? whole)
    const value = known[symbol.ref]
    if (!value)
      throw new HarnessError('FAULT_UNRESOLVED', `Valeur symbolique inconnue : « ${symbol.ref} » (connues : ${Object.keys(known).join(', ')}).`)
    return value()
  }
}
