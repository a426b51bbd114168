import { constants, createHash, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALWAYS, conditionOf, NEVER, rule } from './access.ts'
import { parseCommand, readClass, writeCommand } from './apdu.ts'
import { concat, hex, toHex, utf8 } from './bytes.ts'
import { createCode } from './codes.ts'
import { der } from './der.ts'
import { createExchange } from './exchange.ts'
import { digestInfo, signPkcs1, signPss } from './rsa.ts'
import { advanceHash, finishHash, type HashName } from './running-hash.ts'
import { tellStatus } from './status.ts'
import { parseTlvs, tlv } from './tlv.ts'

describe('commands', () => {
  it.each([
    ['1', '00A40400', { le: undefined, size: 0, extended: false }],
    ['2 short', '00B0000000', { le: 256, size: 0, extended: false }],
    ['3 short', '00200001 04 31323334', { le: undefined, size: 4, extended: false }],
    ['4 short', '00880000 02 ABCD 00', { le: 256, size: 2, extended: false }],
    ['2 extended', '00B00000 000000', { le: 65_536, size: 0, extended: true }],
    ['3 extended', '002A8086 000002 ABCD', { le: undefined, size: 2, extended: true }],
    ['4 extended', '002A8086 000002 ABCD 0100', { le: 256, size: 2, extended: true }],
  ])('reads and writes case %s', (_, text, { le, size, extended }) => {
    const command = parseCommand(hex(text))
    expect(command).toMatchObject({ extended })
    expect([command?.le, command?.data.length]).toEqual([le, size])
    if (command) expect(toHex(writeCommand(command))).toBe(toHex(hex(text)))
  })

  it.each(['', '00', '00A404', '00A40400 08 8025', '00A40400 02 3F00 00 00', '00B00000 0000', '00A40400 000000 00', '00A40400 000003 ABCD'])(
    'sees that %s is none',
    (text) => expect(parseCommand(hex(text))).toBeUndefined(),
  )

  it('reads classes', () => {
    expect(readClass(0x13)).toEqual({ kind: 'interindustry', channel: 3, chained: true, secured: false })
    expect(readClass(0x65)).toEqual({ kind: 'interindustry', channel: 9, chained: false, secured: true })
    expect([0x20, 0xff, 0xa0].map((cla) => readClass(cla).kind)).toEqual(['reserved', 'reserved', 'proprietary'])
  })
})

describe('TLV and DER', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535])('writes and reads %i bytes', (length) => {
    const value = new Uint8Array(length).fill(7)
    expect(parseTlvs(tlv(0xbf8101, value))).toEqual([{ tag: 0xbf8101, value }])
  })

  it.each(['80', '8005ABCD', '8080', '8084FFFFFFFF', '9F', 'BF81', '1F8080808001 00', '81'])('refuses %s', (text) =>
    expect(parseTlvs(hex(text))).toBeUndefined(),
  )

  it('writes bit names, integers and object identifiers', () => {
    expect(toHex(concat(der.named(), der.named(0), der.named(9), der.integer(128), der.integer(2048)))).toBe(
      '030100' + '03020780' + '0303060040' + '02020080' + '02020800',
    )
    expect(toHex(der.oid('1.2.840.113549.1.1.11'))).toBe('06092A864886F70D01010B')
    expect(toHex(der.time(Date.UTC(2026, 10, 25, 7, 5, 9)))).toBe(toHex(concat(hex('180F'), utf8('20261125070509Z'))))
  })
})

describe('access rules', () => {
  it('finds the condition of a bit, and never where nothing is said', () => {
    const rules = { contact: rule(0x43, 0x15, NEVER, ALWAYS) }
    expect([0x40, 0x20, 0x02, 0x01].map((bit) => conditionOf(rules, 'contact', bit))).toEqual([0x15, NEVER, NEVER, ALWAYS])
    expect(conditionOf(rules, 'contactless', 0x01)).toBe(NEVER)
    // A rule that is shorter than its mode says grants nothing.
    expect(conditionOf({ contact: rule(0x7f) }, 'contact', 0x01)).toBe(NEVER)
  })
})

describe('codes', () => {
  it('takes a try before it compares, locks, and is renewed', () => {
    const code = createCode({ reference: 1, value: '1234', rules: {} })
    expect([code.present(utf8('0000')), code.remaining()]).toEqual([false, 2])
    expect([code.present(utf8('1234')), code.remaining()]).toEqual([true, 3])
    code.preset(0)
    expect([code.present(utf8('1234')), code.remaining()]).toEqual([false, 0])
    code.renew(utf8('4321'))
    expect([code.present(utf8('1234')), code.present(utf8('4321')), code.remaining()]).toEqual([false, true, 3])
  })
})

describe('exchanges', () => {
  const long = Uint8Array.from({ length: 600 }, (_, index) => index & 0xff)
  const open = (protocol: 'T=0' | 'T=1') =>
    createExchange(protocol, ({ ins, data }) => ({ status: 0x9000, data: ins === 0xb0 ? long : ins === 0x01 ? data : long.slice(0, 12) }))
  const say = (on: ReturnType<typeof open>, text: string) => toHex(on.transmit(hex(text)))

  it('gives a long answer in pieces and forgets it at the next command', () => {
    const card = open('T=1')
    expect(say(card, '00B0000000')).toMatch(/^00.{510}6100$/)
    expect(say(card, '00C0000000')).toMatch(/6158$/)
    expect(say(card, '00C0000058')).toMatch(/579000$/)
    expect(say(card, '00C0000000')).toBe('6985')
    say(card, '00B0000000')
    say(card, '0002000000')
    expect(say(card, '00C0000000')).toBe('6985')
    say(card, '00B0000000')
    expect(say(card, '01C0000000')).toBe('6985')
  })

  it('corrects a wrong Le with T=0 only', () => {
    expect(say(open('T=0'), '00020000C0')).toBe('6C0C')
    expect(say(open('T=1'), '00020000C0')).toMatch(/9000$/)
    const card = open('T=0')
    expect(say(card, '00020000')).toBe('610C')
    expect(say(card, '00C0000010')).toBe('6C0C')
    expect(say(card, '00C000000C')).toMatch(/9000$/)
  })

  it('gathers a chain, and drops one that is broken, too long or without end', () => {
    const card = open('T=1')
    expect(say(card, '10010000 02 0102')).toBe('9000')
    expect(say(card, '00010000 02 0304 00')).toBe('010203049000')
    say(card, '10010000 02 0102')
    expect(say(card, '00020000 01 00')).toBe('6883')
    expect(say(card, '00010000 01 AA 00')).toBe('AA9000')
    const statuses = Array.from({ length: 200 }, () => say(card, '10010000'))
    expect(new Set(statuses)).toEqual(new Set(['9000', '6700']))
    expect(say(card, `10010000 00F000 ${'00'.repeat(0xf000)}`)).toBe('6700')
    expect(say(card, '00C0000000')).toBe('6985')
  })

  it('answers 6F00 for what cannot be computed', () => {
    const card = createExchange('T=1', () => {
      throw new Error('not a number below the modulus')
    })
    expect(toHex(card.transmit(hex('00010000')))).toBe('6F00')
  })
})

describe('hashes that go on', () => {
  it.each<[HashName, number]>([
    ...[0, 1, 55, 56, 63, 64, 65, 119, 128, 1000].map((size): [HashName, number] => ['sha1', size]),
    ...[0, 1, 55, 56, 63, 64, 65, 119, 128, 1000].map((size): [HashName, number] => ['sha256', size]),
  ])('%s of %i bytes equals that of Node, whole and resumed', (name, size) => {
    const message = Uint8Array.from({ length: size }, (_, index) => (index * 31) & 0xff)
    const expected = createHash(name).update(message).digest('hex').toUpperCase()
    expect(toHex(finishHash(name, message))).toBe(expected)
    const done = size === 0 ? 0 : ((size - 1) >> 6) << 6
    expect(toHex(finishHash(name, message.slice(done), advanceHash(name, message.slice(0, done)), BigInt(done) * 8n))).toBe(expected)
  })
})

describe('RSA', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const digest = (name: HashName) => new Uint8Array(createHash(name).update('message').digest())

  it.each<HashName>(['sha1', 'sha256'])('signs with %s as OpenSSL verifies', (name) => {
    expect(verify(name, utf8('message'), publicKey, signPkcs1(privateKey, digestInfo(name, digest(name))))).toBe(true)
    const pss = signPss(privateKey, name, digest(name), 2048, (length) => new Uint8Array(length).fill(9))
    const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digest(name).length }
    expect(verify(name, utf8('message'), key, pss)).toBe(true)
    expect(verify(name, utf8('another'), key, pss)).toBe(false)
  })
})

it('tells a status word in French', () => {
  expect([0x9000, 0x63c1, 0x6c0c, 0x6100, 0x1234].map(tellStatus)).toEqual([
    '9000 : exécutée',
    '63C1 : code faux, 1 essai restant',
    '6C0C : longueur attendue : 12 octets',
    '6100 : 256 octets à lire',
    '1234 : mot d’état inconnu',
  ])
})
