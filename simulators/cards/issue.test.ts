import { createHash, verify, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handClock } from '#core/clock.ts'
import type { CardFault, Change } from '#core/fault.ts'
import { exchange, IDENTITY, say } from './cps/cps.test-data.ts'
import { credentials, identification, pin, presence, revocation } from './faults.ts'
import { type CardOrder, issueCps3, issueCps4 } from './issue.ts'
import { concat, hex, toHex, utf8 } from './os/bytes.ts'
import { digestInfo } from './os/rsa.ts'
import { createKeyPair } from './pki/authority.ts'
import { type CardPki, startCardPki } from './pki/service.ts'

const OTHER = { ...IDENTITY, cardNumber: '3100603746', familyName: 'AUTRE', givenName: 'BENOÎT', nationalId: '899700000002' }
const CHALLENGE = utf8('défi')
const clock = handClock(Date.now())
let pki: CardPki
let foreign: CardPki
let order: CardOrder

beforeAll(async () => {
  const pairs = await Promise.all([createKeyPair(), createKeyPair(), createKeyPair()])
  const [authentication, signature, technical] = pairs
  ;[pki, foreign] = await Promise.all([startCardPki({ clock }), startCardPki({ clock, name: 'INCONNUE' })])
  order = {
    identity: IDENTITY,
    pin: '1234',
    authority: pki.authority,
    otherAuthority: foreign.authority,
    other: OTHER,
    clock,
    keys: { authentication, signature, technical },
  }
})
afterAll(() => Promise.all([pki.close(), foreign.close()]))

async function make(...faults: readonly CardFault[]) {
  const changes: Change[] = []
  const issued = await issueCps3({ ...order, faults, onApplied: (_fault, made) => changes.push(...made) })
  issued.card.contact.reset()
  return { ...issued, changes, contact: issued.card.contact }
}

/** What a terminal does: reads the certificate, presents the code, lets the card sign, verifies. */
async function login({ contact }: Pick<Awaited<ReturnType<typeof make>>, 'contact'>) {
  await say(contact, '00A4090C 06 3F000001A002')
  let der: Uint8Array = new Uint8Array()
  for (;;) {
    const { status, data } = await exchange(contact, `00B0 ${der.length.toString(16).padStart(4, '0')} 00`)
    if (status !== 0x9000) break
    der = concat(der, data)
  }
  const certificate = new X509Certificate(der)
  const code = await say(contact, '00A4020C 02 3F00', '00200001 04 31323334')
  const info = toHex(digestInfo('sha256', new Uint8Array(createHash('sha256').update(CHALLENGE).digest())))
  const { data } = await exchange(contact, '00A4090C 04 3F000001')
    .then(() => say(contact, '002241A4 06 800102 840182'))
    .then(() => exchange(contact, `00880000 33 ${info}`))
  return { certificate, code, signed: data.length > 0 && verify('sha256', CHALLENGE, certificate.publicKey, data) }
}
const issuedBy = (certificate: X509Certificate, { authority }: CardPki) =>
  certificate.verify(new X509Certificate(authority.issuing.toString('pem')).publicKey)

describe('an issued CPS3', () => {
  it('is good when nothing else is ordered', async () => {
    const card = await make()
    const { certificate, code, signed } = await login(card)
    expect([code, signed, issuedBy(certificate, pki), card.changes]).toEqual(['9000', true, true, []])
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.20.2.2'])
    expect(pki.authority.statusOf(card.certificates.authentication.serial)).toBe('good')
    const now = clock.now()
    expect(certificate.validFromDate.getTime() < now && now < certificate.validToDate.getTime()).toBe(true)
  })

  it('has another key than its certificate says', async () => {
    const card = await make(credentials.wrongKey())
    expect(await login(card)).toMatchObject({ code: '9000', signed: false })
    expect(card.changes).toEqual([{ path: 'key', before: 'own', after: 'foreign' }])
  })

  it.each([
    ['expired', credentials.expired(), (certificate: X509Certificate) => certificate.validToDate.getTime() < clock.now()],
    ['not yet valid', credentials.notYetValid(), (certificate: X509Certificate) => certificate.validFromDate.getTime() > clock.now()],
    [
      'of another authority',
      credentials.otherAuthority(),
      (certificate: X509Certificate) => issuedBy(certificate, foreign) && !issuedBy(certificate, pki),
    ],
    ['the one for signatures', credentials.signatureCertificate(), (certificate: X509Certificate) => certificate.keyUsage === undefined],
  ])('has a certificate that is %s, and still signs', async (_, fault, seen) => {
    const card = await make(fault)
    const { certificate, signed } = await login(card)
    expect([seen(certificate), signed, card.changes.length]).toEqual([true, true, 1])
    expect(certificate.validFromDate.getTime()).toBeLessThan(certificate.validToDate.getTime())
  })

  it('is revoked, or opposed with all its certificates', async () => {
    const { certificates: one } = await make(credentials.revoked())
    expect([one.authentication, one.technical].map(({ serial }) => pki.authority.statusOf(serial))).toEqual([
      expect.objectContaining({ reason: 'keyCompromise' }),
      'good',
    ])
    const { certificates: all } = await make(credentials.opposed())
    expect(Object.values(all).map(({ serial }) => typeof pki.authority.statusOf(serial))).toEqual(['object', 'object', 'object'])
  })

  it('bears the serial number of another', async () => {
    const { contact, changes } = await make(identification.clonedSerial())
    expect(await say(contact, '00B09C000C')).toMatch(/^5A0A802500000131006037/)
    expect(changes).toEqual([{ path: 'serial', before: '29009952', after: '31006037' }])
  })

  it('has few tries left, none, or a code that is verified already', async () => {
    expect(await say((await make(pin.triesLeft(1))).contact, '00200001')).toBe('63C1')
    expect(await say((await make(pin.blocked())).contact, '00200001 04 31323334')).toBe('6983')
    const { contact } = await make(pin.inherited())
    expect(await say(contact, '00200001')).toBe('9000')
    contact.reset()
    expect(await say(contact, '00200001')).toBe('63C3')
  })

  it('lies beside the card of somebody else', async () => {
    const { second, contact } = await make(presence.second())
    second?.contact.reset()
    if (!second) throw new Error('no second card')
    expect((await login({ contact: second.contact })).certificate.subject).toContain('CN=899700000002')
    expect((await login({ contact })).certificate.subject).toContain('CN=899700000001')
  })

  it('is not issued when the fault would change nothing, or nobody else is named', async () => {
    await expect(issueCps3({ ...order, other: IDENTITY, faults: [identification.clonedSerial()] })).rejects.toMatchObject({ code: 'FAULT_INERT' })
    const { other: _other, otherAuthority: _authority, ...alone } = order
    await expect(issueCps3({ ...alone, faults: [identification.clonedSerial()] })).rejects.toMatchObject({ code: 'FAULT_UNRESOLVED' })
    await expect(issueCps3({ ...alone, faults: [credentials.otherAuthority()] })).rejects.toMatchObject({ code: 'FAULT_UNRESOLVED' })
  })
})

it('issues a CPS4 by the same order', async () => {
  const { card } = await issueCps4({ ...order, faults: [pin.blocked()] })
  card.contact.reset()
  expect(await say(card.contact, '01200001')).toBe('6983')
})

it('every fault of the revocation service has a name of its own and changes its answer', async () => {
  const question = hex('30')
  const ids = new Set<string>()
  for (const fault of [
    revocation.unsigned(),
    revocation.notAllowed(),
    revocation.aboutAnother(),
    revocation.replayed(),
    revocation.stale(),
    revocation.early(),
    revocation.tryLater(),
    revocation.failing(),
    revocation.wrongType(),
    revocation.slow(1),
    revocation.listOver(),
    revocation.listUnsigned(),
    revocation.listMissing(),
    revocation.listLong(10),
  ]) {
    let changes: readonly Change[] = []
    pki.bend([fault], (_fault, made) => {
      changes = made
    })
    // A question that is none is answered as such, from a state that is bent all the same.
    if (fault.id.startsWith('ocsp.')) await fetch(`${pki.address}/ocsp`, { method: 'POST', body: Buffer.from(question) })
    else await fetch(`${pki.address}/crl`)
    expect([fault.id, changes.length > 0]).toEqual([fault.id, true])
    ids.add(fault.id)
  }
  expect(ids.size).toBe(14)
  pki.bend([], () => {})
})
