import { randomBytes } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import { seconds } from '#core/clock.ts'
import { HarnessError } from '#core/errors.ts'
import type { Json, Resolve } from '#core/fault.ts'
import type { Flow, Flows } from './flows.ts'
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
}

/** Names that a fault may use in `{ ref: … }`. */
export function createResolve(source: SymbolSource): Resolve {
  const named: Readonly<Record<string, () => Json>> = {
    fresh: () => randomBytes(16).toString('base64url'),
    'own-client': () => source.clientId,
    'own-client-array': () => [source.clientId],
    'other-client': () => source.otherClientId,
    'unknown-client': () => `${source.clientId}1`,
    'own-and-unknown-client': () => [source.clientId, `${source.clientId}1`],
    'other-issuer': () => source.issuer.replace('://auth.', '://auth-autre.'),
    'other-subject': () => {
      const other = source.accounts.find(({ id }) => id !== source.flow.persona)
      return other ? other.subject : `f:autre:${source.flow.persona}`
    },
    'other-ids': () => source.accounts.find(({ id }) => id === source.flow.persona)?.claims['otherIds'] ?? [],
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
    const value = known[symbol.ref]
    if (!value)
      throw new HarnessError('FAULT_UNRESOLVED', `Valeur symbolique inconnue : « ${symbol.ref} » (connues : ${Object.keys(known).join(', ')}).`)
    return value()
  }
}
