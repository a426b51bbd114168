import { constants, createHash, publicEncrypt, verify } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { concat, hex, toHex, utf8 } from '../os/bytes.ts'
import { digestInfo } from '../os/rsa.ts'
import { exchange, OPTIONS, PUBLIC, say } from './cps.test-data.ts'
import { type Cps4, createCps4 } from './index.ts'

const MESSAGE = utf8('bonjour')
const digest = (name: 'sha1' | 'sha256') => createHash(name).update(MESSAGE).digest('hex')
const SELECT = '01A4040C 08 8025000001FF0100'
const VERIFY = '01200001 04 31323334'

let card: Cps4
beforeEach(() => {
  card = createCps4(OPTIONS)
  card.contact.reset()
})

describe('CPS4, contacts', () => {
  it('says the answers to reset of its issues', () => {
    expect(toHex(card.contact.atr)).toBe('3B9B1880010012250064800401000090' + '44')
    expect(toHex(createCps4({ ...OPTIONS, issue: 'candidate' }).contact.atr)).toBe('3B9B188001001225006480000401009044')
    expect(toHex(createCps4({ ...OPTIONS, issue: 'only-t0' }).contact.atr)).toBe('3BDC18FF00001225006480000401009000')
  })

  it('describes files by FCI (6F) on channel 1', async () => {
    expect(await say(card.contact, SELECT)).toBe('9000')
    expect(await say(card.contact, '01A40800 02 D003 00')).toMatch(/^6F.*8302D003.*9000$/)
    expect(await say(card.contact, '01B000000C')).toBe('5A0A8025000001290099529F9000')
    expect(await say(card.contact, '01A40804 02 D003 00')).toBe('6A86')
  })

  it.each([
    ['0A', 'sha1', false],
    ['28', 'sha256', false],
    ['15', 'sha1', true],
    ['2C', 'sha256', true],
  ] as const)('signs with algorithm %s (%s, PSS: %s)', async (algorithm, name, pss) => {
    await say(card.contact, SELECT, VERIFY, '01A4080C 02 0001')
    expect(await say(card.contact, `012281B6 04 9102${algorithm}A1`)).toBe('9000')
    const size = name === 'sha1' ? '14' : '20'
    const { data } = await exchange(card.contact, `012A9E9A ${size} ${digest(name)} 00`)
    const key = pss
      ? { key: PUBLIC.signature, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: name === 'sha1' ? 20 : 32 }
      : { key: PUBLIC.signature, padding: constants.RSA_PKCS1_PADDING }
    expect(verify(name, MESSAGE, key, data)).toBe(true)
  })

  it('authenticates and deciphers by the raw operation on a chained block', async () => {
    await say(card.contact, SELECT, VERIFY)
    expect(await say(card.contact, '012241B8 03 830120')).toBe('9000')
    const info = digestInfo('sha256', hex(digest('sha256')))
    const block = concat(hex('0001'), new Uint8Array(256 - 3 - info.length).fill(0xff), Uint8Array.of(0), info)
    expect(await say(card.contact, `112A8086 FF ${toHex(block.slice(0, 255))}`)).toBe('9000')
    const { data } = await exchange(card.contact, `012A8086 01 ${toHex(block.slice(255))} 00`)
    expect(verify('sha256', MESSAGE, PUBLIC.authentication, data)).toBe(true)
    const cryptogram = publicEncrypt({ key: PUBLIC.authentication, padding: constants.RSA_PKCS1_PADDING }, MESSAGE)
    const clear = await exchange(card.contact, `012A8086 000100 ${toHex(cryptogram)} 0000`)
    expect(toHex(clear.data)).toMatch(new RegExp(`^0002.*00${toHex(MESSAGE)}$`))
    // A block that is no number below the modulus.
    expect(await say(card.contact, `012A8086 000100 ${'FF'.repeat(256)} 0000`)).toBe('6F00')
  })

  it.each([
    ['INTERNAL AUTHENTICATE, which ChipDoc has not', '01880000 02 ABCD', '6D00'],
    ['a signature without the code', `012A9E9A 20 ${'AB'.repeat(32)}`, '6982'],
    ['an unknown algorithm', '012281B6 04 910233A1', '6A80'],
    ['an unknown key', '012281B6 04 91022CA7', '6A88'],
    ['a template cut short', '012281B6 03 91022C', '6A80'],
    ['files on the basic channel', '00A40800 02 D003 00', '6E00'],
    ['ChipDoc on the basic channel', '00A4040C 08 8025000001FF0100', '6A82'],
    ['channel 2', '02200001', '6881'],
    ['a digest of another length', `012A9E9A 14 ${'AB'.repeat(20)}`, '6982'],
  ])('refuses %s', async (_, command, status) => {
    await say(card.contact, SELECT, '012281B6 04 91022CA1')
    expect(await say(card.contact, command)).toBe(status)
  })

  it('recovers by the sequence of the library: issuer, CPS2ter, ChipDoc', async () => {
    expect(await say(card.contact, '01A4040C 07 A0000001510000')).toBe('9000')
    expect(await say(card.contact, '01200001')).toBe('6985')
    expect(await say(card.contact, '00A4040C 08 8025000001FF0002')).toBe('9000')
    expect(await say(card.contact, SELECT, '01200001')).toBe('63C3')
    expect(await say(card.contact, '0070000001')).toBe('019000')
  })

  it('unblocks after the unblocking code (01 2C 03 81), changes after the code (01 24 01 01)', async () => {
    card.code.preset(0)
    expect(await say(card.contact, SELECT, VERIFY)).toBe('6983')
    expect(await say(card.contact, '012C0381')).toBe('6982')
    expect(await say(card.contact, '01200002 08 3837363534333231', '012C0381')).toBe('9000')
    expect(await say(card.contact, VERIFY)).toBe('9000')
    expect(await say(card.contact, '01240101 04 39393939', VERIFY)).toBe('63C2')
  })
})
