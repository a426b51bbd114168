import 'reflect-metadata'
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { handClock } from '#core/clock.ts'
import type { CardFault, Change, Edit } from '#core/fault.ts'
import { hex, toHex } from '../os/bytes.ts'
import { createKeyPair, type IssuedCertificate, type KeyPair } from './authority.ts'
import { principalName, subjectOf } from './names.ts'
import { readOcspRequest } from './ocsp.ts'
import { type CardPki, startCardPki } from './service.ts'

const HOLDER = { familyName: 'EXEMPLE', givenName: 'ALICE', nationalId: '899700000001', profession: 'Médecin' }
const OPENSSL = 'openssl'
const clock = handClock(Date.now())
const folder = mkdtempSync(join(tmpdir(), 'hospicert-pki-'))
const file = (name: string) => join(folder, name)
let pki: CardPki
let pair: KeyPair
let good: IssuedCertificate

beforeAll(async () => {
  ;[pki, pair] = await Promise.all([startCardPki({ clock }), createKeyPair()])
  good = await pki.authority.issue({ purpose: 'authentication', holder: HOLDER, publicKey: pair.publicKey })
  writeFileSync(file('ca.pem'), pki.authority.chain)
  writeFileSync(file('issuer.pem'), pki.authority.issuing.toString('pem'))
})
afterEach(() => pki.bend([], () => {}))
afterAll(async () => {
  await pki.close()
  rmSync(folder, { recursive: true })
})

const issue = (purpose: 'authentication' | 'signature' | 'technical') => pki.authority.issue({ purpose, holder: HOLDER, publicKey: pair.publicKey })
const set = (path: string, value: Extract<Edit, { op: 'set' }>['value']): CardFault => ({
  id: `card.revocation.${path}`,
  title: 'Essai',
  site: 'card.revocation',
  edits: [{ op: 'set', path, value }],
})

describe('certificates', () => {
  it('name the person as real ones do, the set sorted', () => {
    const { subject } = new X509Certificate(good.pem)
    expect(subject.split('\n')).toEqual(['C=FR', 'title=Médecin', 'GN=ALICE + SN=EXEMPLE + CN=899700000001'])
    expect(subjectOf({ ...HOLDER, givenName: 'MARIE-CATHERINE' })[2]).toEqual({ SN: ['EXEMPLE'], CN: ['899700000001'], G: ['MARIE-CATHERINE'] })
    expect(principalName('899700218896')).toBe('8.99700218896@carte-cps.fr')
  })

  it.each([
    ['authentication', x509.KeyUsageFlags.digitalSignature, ['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.20.2.2'], '8.99700000001@carte-cps.fr'],
    ['signature', x509.KeyUsageFlags.nonRepudiation, undefined, undefined],
    ['technical', x509.KeyUsageFlags.digitalSignature, undefined, undefined],
  ] as const)('say what the %s key is for', async (purpose, usage, extended, upn) => {
    const certificate = new x509.X509Certificate((await issue(purpose)).pem)
    expect(certificate.getExtension(x509.KeyUsagesExtension)?.usages).toBe(usage)
    expect(certificate.getExtension(x509.KeyUsagesExtension)?.critical).toBe(true)
    expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual(extended)
    expect(certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON()[0]?.value).toBe(upn)
    expect(certificate.getExtension(x509.BasicConstraintsExtension)?.ca).toBe(false)
  })

  it('chain to the root', () => {
    const [leaf, issuing, root] = [good.pem, pki.authority.issuing.toString('pem'), pki.authority.root.toString('pem')].map(
      (pem) => new X509Certificate(pem),
    )
    if (!leaf || !issuing || !root) throw new Error('no chain')
    expect([leaf.checkIssued(issuing), leaf.verify(issuing.publicKey), issuing.verify(root.publicKey), root.verify(root.publicKey)]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(leaf.publicKey.equals(pair.publicKey)).toBe(true)
  })

  it('may be expired or not yet valid', async () => {
    const { authority } = pki
    const expired = await authority.issue({ purpose: 'authentication', holder: HOLDER, publicKey: pair.publicKey, notAfter: clock.now() - 1000 })
    expect(new X509Certificate(expired.pem).validToDate.getTime()).toBeLessThan(clock.now())
    const early = await authority.issue({ purpose: 'authentication', holder: HOLDER, publicKey: pair.publicKey, notBefore: clock.now() + 86_400_000 })
    expect(new X509Certificate(early.pem).validFromDate.getTime()).toBeGreaterThan(clock.now())
  })
})

function openssl(...args: readonly string[]) {
  return spawnSync(OPENSSL, args, { encoding: 'utf8', timeout: 20_000 })
}
const hasOpenSsl = openssl('version').status === 0

function request(pem: string): Uint8Array {
  writeFileSync(file('leaf.pem'), pem)
  openssl('ocsp', '-issuer', file('issuer.pem'), '-cert', file('leaf.pem'), '-reqout', file('request.der'))
  return new Uint8Array(readFileSync(file('request.der')))
}
/** Fetched by us, written and read by OpenSSL: what it says of a certificate, and whether it trusts who says so. */
async function verdict(pem: string): Promise<string> {
  const answer = await fetch(`${pki.address}/ocsp`, { method: 'POST', body: Buffer.from(request(pem)) })
  writeFileSync(file('answer.der'), new Uint8Array(await answer.arrayBuffer()))
  const { stdout, stderr } = openssl(
    'ocsp',
    '-issuer',
    file('issuer.pem'),
    '-cert',
    file('leaf.pem'),
    '-CAfile',
    file('ca.pem'),
    '-reqin',
    file('request.der'),
    '-no_nonce',
    '-respin',
    file('answer.der'),
  )
  return `${answer.status} ${stdout}${stderr}`
}

describe.skipIf(!hasOpenSsl)('OCSP, as OpenSSL reads it', () => {
  it('tells good, revoked with its reason, and unknown', async () => {
    expect(await verdict(good.pem)).toMatch(/: good[\s\S]*Response verify OK/)
    const gone = await issue('authentication')
    pki.authority.revoke(gone.serial, { at: clock.now() - 3_600_000, reason: 'keyCompromise' })
    expect(await verdict(gone.pem)).toMatch(/: revoked[\s\S]*Reason: keyCompromise/)
    const other = await startCardPki({ clock, name: 'AUTRE' })
    const foreign = await other.authority.issue({ purpose: 'authentication', holder: HOLDER, publicKey: pair.publicKey })
    await other.close()
    expect(await verdict(foreign.pem)).toMatch(/: unknown/)
  })

  it.each<[string, CardFault, RegExp]>([
    ['a signer that is not allowed', set('ocsp.signer', 'not-allowed'), /Response Verify Failure/],
    ['a stranger', set('ocsp.signer', 'stranger'), /Response Verify Failure/],
    ['another certificate', set('ocsp.about', 'other'), /No Status found/],
    ['a time that is over', set('ocsp.nextUpdate', { now: -3600 }), /Status times invalid/],
    ['a time to come', set('ocsp.thisUpdate', { now: 86_400 }), /Status times invalid/],
    ['try later', set('ocsp.response', 3), /Responder Error: trylater/],
    ['a server that fails', set('ocsp.http', 503), /^503/],
    ['unknown', set('ocsp.status', 'unknown'), /: unknown/],
  ])('lies when told: %s', async (_, fault, seen) => {
    const changes: Change[] = []
    pki.bend([fault], (_fault, made) => changes.push(...made))
    expect(await verdict(good.pem)).toMatch(seen)
    expect(changes).toHaveLength(1)
    expect(changes[0]?.before).not.toEqual(changes[0]?.after)
  })

  it('gives the nonce back, unless told', async () => {
    const question = request(good.pem)
    const nonce = readOcspRequest(question)?.nonce ?? new Uint8Array()
    const ask = async () =>
      toHex(new Uint8Array(await (await fetch(`${pki.address}/ocsp`, { method: 'POST', body: Buffer.from(question) })).arrayBuffer()))
    expect(nonce.length).toBeGreaterThan(16)
    expect(await ask()).toContain(toHex(nonce))
    pki.bend([set('ocsp.nonce', 'other')], () => {})
    expect(await ask()).not.toContain(toHex(nonce))
  })

  it('takes the question in the address too', async () => {
    const asked = encodeURIComponent(Buffer.from(request(good.pem)).toString('base64'))
    const answer = await fetch(`${pki.address}/ocsp/${asked}`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/ocsp-response'])
  })

  it('says nothing of a fault that would change nothing', async () => {
    let applied = 0
    pki.bend([set('ocsp.status', 'good')], () => applied++)
    expect(await verdict(good.pem)).toMatch(/: good/)
    expect(applied).toBe(0)
  })
})

describe('hostile questions', () => {
  it.each(['', '00', '30', '3000', '30820000', '30030201', '3006 3004 30023000', 'FF'.repeat(40)])('%s is malformed', async (text) => {
    expect(readOcspRequest(hex(text))).toBeUndefined()
    const answer = await fetch(`${pki.address}/ocsp`, { method: 'POST', body: Buffer.from(hex(text)) })
    expect(toHex(new Uint8Array(await answer.arrayBuffer()))).toBe('30030A0101')
  })

  it('answers too long, wrongly written and misplaced ones', async () => {
    const long = await fetch(`${pki.address}/ocsp`, { method: 'POST', body: Buffer.alloc(100_000) }).catch(() => undefined)
    expect([200, undefined]).toContain(long?.status)
    expect((await fetch(`${pki.address}/ocsp/%E0%A4`)).status).toBe(200)
    expect((await fetch(`${pki.address}/autre`)).status).toBe(404)
  })
})

describe('the revocation list', () => {
  const read = async () => {
    const answer = await fetch(`${pki.address}/crl`)
    return new x509.X509Crl(await answer.arrayBuffer())
  }

  it('lists what is revoked, signed by the authority', async () => {
    const gone = await issue('technical')
    pki.authority.revoke(gone.serial, { at: clock.now() - 1000, reason: 'superseded' })
    const list = await read()
    expect(list.findRevoked(gone.serial)?.reason).toBe(x509.X509CrlReason.superseded)
    expect(list.findRevoked(good.serial)).toBeNull()
    expect(await list.verify({ publicKey: pki.authority.issuing.publicKey })).toBe(true)
  })

  it.each<[string, CardFault, (list: x509.X509Crl) => Promise<boolean> | boolean]>([
    ['over', set('crl.nextUpdate', { now: -60 }), (list) => (list.nextUpdate?.getTime() ?? 0) < clock.now()],
    ['signed by a stranger', set('crl.signer', 'stranger'), async (list) => !(await list.verify({ publicKey: pki.authority.issuing.publicKey }))],
    ['long', set('crl.padding', 2000), (list) => list.rawData.byteLength > 60_000],
  ])('may be %s', async (_, fault, seen) => {
    let applied = 0
    pki.bend([fault], () => applied++)
    expect(await seen(await read())).toBe(true)
    expect(applied).toBe(1)
  })

  it('waits on the clock of the bench', async () => {
    const waits: number[] = []
    const slow = await startCardPki({ clock, name: 'LENTE', delay: async (milliseconds) => void waits.push(milliseconds) })
    slow.bend([set('crl.delay', 90_000)], () => {})
    expect((await fetch(`${slow.address}/crl`)).status).toBe(200)
    expect(waits).toEqual([90_000])
    await slow.close()
  })
})
