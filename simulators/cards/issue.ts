import type { Clock } from '#core/clock.ts'
import { HarnessError } from '#core/errors.ts'
import { applyEdits, type CardFault, type CardSite, type Change, type Json, type Resolve } from '#core/fault.ts'
import { type Cps3, type Cps4, type CpsIdentity, createCps3, createCps4 } from './cps/index.ts'
import { type CardAuthority, type CertificatePurpose, createKeyPair, type IssuedCertificate, type KeyPair } from './pki/authority.ts'

const DAY = 86_400_000
const PURPOSES: readonly CertificatePurpose[] = ['authentication', 'signature', 'technical']

/** What a card is made from. */
export interface CardOrder {
  readonly identity: CpsIdentity
  readonly pin: string
  readonly authority: CardAuthority
  /** Whom nobody was told to trust. */
  readonly otherAuthority?: CardAuthority
  /** Whose serial number a clone bears, and whose card lies beside. */
  readonly other?: CpsIdentity
  readonly clock: Clock
  /** Keys made before, so that a bench does not wait for new ones. */
  readonly keys?: Readonly<Record<CertificatePurpose, KeyPair>>
  /** Faults of sites `card.key`, `card.certificate`, `card.pin`, `card.uid` (serial number) and `card.presence` (second card). */
  readonly faults?: readonly CardFault[]
  readonly onApplied?: (fault: CardFault, changes: readonly Change[]) => void
}

/** A card, its certificates by purpose, and the one that lies beside it when a fault says so. */
export interface Issued<Made> {
  readonly card: Made
  readonly certificates: Readonly<Record<CertificatePurpose, IssuedCertificate>>
  readonly second?: Made
}

/** Issues a CPS3 as ordered. Throws `FAULT_INERT` for a fault that would change nothing, `FAULT_UNRESOLVED` when nobody else was named. */
export function issueCps3(order: CardOrder): Promise<Issued<Cps3>> {
  return issue(order, createCps3)
}

/** Issues a CPS4; it has no technical key, whose certificate is then of no use. */
export function issueCps4(order: CardOrder): Promise<Issued<Cps4>> {
  return issue(order, createCps4)
}

type Maker<Made> = (options: {
  identity: CpsIdentity
  pin: string
  keys: Record<CertificatePurpose, KeyPair['privateKey']>
  certificates: Record<CertificatePurpose, Uint8Array>
}) => Made

async function issue<Made extends Cps3 | Cps4>(order: CardOrder, make: Maker<Made>): Promise<Issued<Made>> {
  const { identity, pin, clock, other } = order
  const bent = bender(order)
  const now = Math.floor(clock.now() / 1000)
  const profile = bent('card.certificate', {
    notBefore: now - 86_400,
    notAfter: now + 3 * 365 * 86_400,
    issuer: 'own',
    status: 'good',
    presented: 'authentication',
  })
  const { serial } = bent('card.uid', { serial: identity.cardNumber.slice(0, 8) })
  const { key } = bent('card.key', { key: 'own' })
  const state = bent('card.pin', { remaining: 3, verified: false })
  const { cards } = bent('card.presence', { cards: 1 })
  const keys = order.keys ?? (await createKeys())
  const authority = profile.issuer === 'own' ? order.authority : required(order.otherAuthority, 'otherAuthority')
  const [authentication, signature, technical] = await Promise.all(
    PURPOSES.map((purpose) =>
      authority.issue({
        purpose,
        holder: identity,
        publicKey: keys[purpose].publicKey,
        ...(purpose === 'authentication' && validity(profile)),
      }),
    ),
  )
  if (!authentication || !signature || !technical) throw new Error('a certificate for each purpose')
  const certificates = { authentication, signature, technical }
  for (const purpose of revokedPurposes(profile.status))
    authority.revoke(certificates[purpose].serial, { at: clock.now() - 3_600_000, reason: 'keyCompromise' })
  const presented = profile.presented === 'signature' ? 'signature' : 'authentication'
  const card = make({
    identity: { ...identity, cardNumber: `${serial}${identity.cardNumber.slice(8)}` },
    pin,
    keys: {
      authentication: (key === 'own' ? keys[presented] : await createKeyPair()).privateKey,
      signature: keys.signature.privateKey,
      technical: keys.technical.privateKey,
    },
    certificates: { authentication: certificates[presented].der, signature: signature.der, technical: technical.der },
  })
  card.code.preset(Number(state.remaining))
  if (state.verified === true) card.code.leaveVerified()
  if (cards === 1) return { card, certificates }
  const { faults: _faults, keys: _keys, ...plain } = order
  const second = await issue({ ...plain, identity: required(other, 'other') }, make)
  return { card, certificates, second: second.card }
}

/** Applies the document faults of one site to what an honest card would be. */
function bender({ faults = [], onApplied, other, clock }: CardOrder) {
  const resolve: Resolve = (symbol) => {
    if ('now' in symbol) return Math.floor(clock.now() / 1000) + symbol.now
    if ('ref' in symbol && symbol.ref === 'other-serial') return required(other, 'other').cardNumber.slice(0, 8)
    throw new HarnessError('FAULT_UNRESOLVED', `L'émission de cartes ne connaît pas la valeur symbolique ${JSON.stringify(symbol)}.`, {
      fix: 'Utilisez { ref: "other-serial" }, { now: secondes } ou une valeur littérale.',
    })
  }
  return <Document extends { readonly [member: string]: Json }>(site: CardSite, honest: Document): { readonly [Member in keyof Document]: Json } => {
    let document: Json = honest
    for (const fault of faults) {
      if (fault.site !== site) continue
      const replacing = fault.edits.find((edit) => edit.op === 'replace-key')
      const known = replacing ? { ...fault, edits: [{ op: 'set' as const, path: 'key', value: replacing.key }] } : fault
      // The identifier of the chip, and exchanges, are bent where the card is used.
      if (!known.edits.some((edit) => edit.op !== 'exchange' && edit.path in honest)) continue
      const result = applyEdits(document, known, resolve)
      document = result.document
      onApplied?.(fault, result.changes)
    }
    return document as { readonly [Member in keyof Document]: Json }
  }
}

/** The dates of the certificate: a start to come moves the end, and an end in the past the start, so that only one of them is wrong. */
function validity({ notBefore, notAfter }: { readonly notBefore: Json; readonly notAfter: Json }): {
  readonly notBefore: number
  readonly notAfter: number
} {
  const [start, end] = [Number(notBefore) * 1000, Number(notAfter) * 1000]
  return { notBefore: Math.min(start, end - 30 * DAY), notAfter: end }
}

function revokedPurposes(status: Json): readonly CertificatePurpose[] {
  return status === 'opposed' ? PURPOSES : status === 'revoked' ? ['authentication'] : []
}

async function createKeys(): Promise<Readonly<Record<CertificatePurpose, KeyPair>>> {
  const [authentication, signature, technical] = await Promise.all([createKeyPair(), createKeyPair(), createKeyPair()])
  return { authentication, signature, technical }
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value !== undefined) return value
  throw new HarnessError('FAULT_UNRESOLVED', `L'anomalie demandée a besoin de « ${name} », qui n'a pas été donné à l'émission de la carte.`, {
    fix: `Donnez « ${name} » avec la commande de la carte.`,
  })
}
