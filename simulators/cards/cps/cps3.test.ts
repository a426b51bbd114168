import { constants, createHash, publicEncrypt, verify } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { concat, hex, toHex, u16, utf8 } from '../os/bytes.ts'
import { digestInfo } from '../os/rsa.ts'
import { advanceHash } from '../os/running-hash.ts'
import { tlv } from '../os/tlv.ts'
import { exchange, IDENTITY, OPTIONS, PUBLIC, say } from './cps.test-data.ts'
import { type Cps3, createCps3 } from './cps3.ts'
import { luhn, serialFile } from './identity.ts'
import { EF_ATR } from './profile.ts'

const MESSAGE = utf8('bonjour')
const INFO = toHex(digestInfo('sha256', new Uint8Array(createHash('sha256').update(MESSAGE).digest())))
const VERIFY = '00200001 04 31323334'
const ROOT = '00A4020C 02 3F00'
const CONTACT = '00A4090C 04 3F000001'
const CONTACTLESS = '00A4090C 04 3F000002'

let card: Cps3
beforeEach(() => {
  card = createCps3(OPTIONS)
  card.contact.reset()
})

describe('identification', () => {
  it('says the answers to reset of real cards', () => {
    expect(toHex(card.contact.atr)).toBe('3BAC00402A001225006480000310009000')
    expect(toHex(card.contactless.atr)).toBe('3B8F80010031B86404B0ECC1739401808290000E')
    const { ats } = card.contactless
    expect([ats[0], toHex(ats.slice(5))]).toEqual([ats.length, '0031B86404B0ECC1739401808290' + '00'])
    // TCK: all bytes after TS give 0.
    expect(card.contactless.atr.slice(1).reduce((sum, byte) => sum ^ byte, 0)).toBe(0)
  })

  it('keeps the serial number as the library reads it', () => {
    expect(toHex(serialFile(IDENTITY.cardNumber))).toBe('5A0A802500000129009952' + '9F')
    // The Luhn digit of a serial number that a real card showed.
    expect(luhn('802500000199213845')).toBe(0)
    expect(EF_ATR).toHaveLength(57)
  })
})

describe('the sequence of the library, contacts', () => {
  it('describes and reads EF.SN.ICC', async () => {
    expect(await say(card.contact, '00A40904 04 3F00D003')).toBe('6127')
    expect(await say(card.contact, '00C0000027')).toBe('62258002000C8201018302D0038801E0A1128C077BFFFFFFFFFF009C077BFFFFFFFFFF008A01059000')
    expect(await say(card.contact, '00B000000C')).toBe('5A0A8025000001290099529F9000')
    expect(await say(card.contact, '00B09C00C0')).toBe('6C0C')
    expect(await say(card.contact, '00B09C000C')).toBe('5A0A8025000001290099529F9000')
  })

  it('tells the counters of the code as a real card does', async () => {
    await say(card.contact, ROOT)
    expect(await say(card.contact, '00CB3FFF 0A 4D087006BF81010 2A080')).toBe('6118')
    expect(await say(card.contact, '00C0000018')).toBe('7016BF810112A0109A01039B0103A1088C06F3000013FF009000')
    expect(await say(card.contact, '00CB3FFF 0B 4D097007BF8101037F4180', '00C000000F')).toBe('700DBF8101097F41068001088101049000')
  })

  it('shows a security environment from the master file only', async () => {
    expect((await exchange(card.contact, '00CB3FFF 0A 4D087006BFFB05027B80')).status).toBe(0x9000)
    await say(card.contact, CONTACT)
    expect(await say(card.contact, '00CB3FFF 0A 4D087006BFFB05027B80')).toBe('6A88')
  })

  it('never gives a private key out, and tells its size in bytes', async () => {
    await say(card.contact, CONTACT)
    expect(await say(card.contact, '00CB3FFF 0B 4D097007BF9002037F4880')).toBe('6A80')
    const { data } = await exchange(card.contact, '00CB3FFF 0A 4D087006BF900202A080')
    expect(toHex(data)).toMatch(/^70..BF9002..A0..80020100A1078C0533/)
  })

  it('has no EF_ACTUA unless given one', async () => {
    expect(await say(card.contact, '00A40904 04 3F00D010')).toBe('6A82')
    const updated = createCps3({ ...OPTIONS, update: hex('EC00') })
    updated.contact.reset()
    expect(await say(updated.contact, '00A4090C 04 3F00D010', '00B0000002')).toBe('EC009000')
  })

  it('reads the authentication certificate in pieces', async () => {
    await say(card.contact, '00A4090C 06 3F000001A002')
    let read: Uint8Array = new Uint8Array()
    for (let offset = 0; offset < 980; offset += 0xe7) {
      const { data } = await exchange(card.contact, `00B0 ${toHex(u16(offset))} ${toHex(Uint8Array.of(Math.min(0xe7, 980 - offset)))}`)
      read = concat(read, data)
    }
    expect(read).toEqual(OPTIONS.certificates.authentication)
    expect(await say(card.contact, '00B003D4E7')).toBe('6B00')
  })

  it.each(['002241A4 06 800102 840182', '002241A4 06 840182 800102'])('authenticates after the code (%s)', async (mse) => {
    expect(await say(card.contact, ROOT, VERIFY, CONTACT, mse)).toBe('9000')
    expect(await say(card.contact, `00880000 33 ${INFO}`)).toBe('6100')
    const { data } = await exchange(card.contact, `00880000 33 ${INFO}`)
    expect(verify('sha256', MESSAGE, PUBLIC.authentication, data)).toBe(true)
  })

  it.each([0, 30, 64, 65, 200])('signs a message of %i bytes whose last round the card computes', async (size) => {
    const message = Uint8Array.from({ length: size }, (_, index) => index)
    const done = size === 0 ? 0 : ((size - 1) >> 6) << 6
    const bits = new Uint8Array(8)
    new DataView(bits.buffer).setBigUint64(0, BigInt(done) * 8n)
    const before = done === 0 ? new Uint8Array() : concat(advanceHash('sha256', message.slice(0, done)), bits)
    const data = concat(tlv(0x90, before), tlv(0x80, message.slice(done)))
    await say(card.contact, ROOT, VERIFY, CONTACT, '002241AA 03 800140', '002241B6 06 800142 840181')
    expect(await say(card.contact, `002A90A0 ${toHex(Uint8Array.of(data.length))} ${toHex(data)}`)).toBe('9000')
    const signed = await exchange(card.contact, '002A9E9A00')
    expect(verify('sha256', message, PUBLIC.signature, signed.data)).toBe(true)
    expect(await say(card.contact, '002A9E9A00')).toBe('6985')
  })

  it('signs a digest that the terminal made', async () => {
    await say(card.contact, ROOT, VERIFY, CONTACT, '002241B6 06 800112 840181')
    const digest = createHash('sha1').update(MESSAGE).digest('hex')
    const { data } = await exchange(card.contact, `002A9E9A 14 ${digest} 00`)
    expect(verify('sha1', MESSAGE, PUBLIC.signature, data)).toBe(true)
  })

  it('deciphers in a chain and takes the padding off', async () => {
    const cryptogram = publicEncrypt({ key: PUBLIC.authentication, padding: constants.RSA_PKCS1_PADDING }, MESSAGE)
    await say(card.contact, ROOT, VERIFY, CONTACT, '002241B8 06 80011A 840182')
    const data = concat(Uint8Array.of(0x81), cryptogram)
    expect(await say(card.contact, `102A8086 FF ${toHex(data.slice(0, 255))}`)).toBe('9000')
    expect(await exchange(card.contact, `002A8086 02 ${toHex(data.slice(255))}`)).toEqual({ status: 0x9000, data: MESSAGE })
    expect(await say(card.contact, `002A8086 000101 00 ${toHex(cryptogram)}`)).toBe('6A80')
  })
})

describe('the sequence of OpenSC 0.23, contacts', () => {
  it('is answered step by step as OpenSC accepts it', async () => {
    const steps: readonly (readonly [string, RegExp])[] = [
      ['00A40904 04 3F002F01', /^6127$/],
      ['00C0000027', /^6225.*9000$/],
      ['00B0000039', /^8043.*9000$/],
      ['00A40404 08 8025000001FF0100', /^6120$/],
      ['00B09C00C0', /^6C0C$/],
      ['00B09C000C', /^5A0A.*9000$/],
      ['00A40904 04 3F002F00', /^6127$/],
      ['00A40904 04 3F000001', /^6121$/],
      ['00C0000021', /^621F82013883020001840DE828BD080F8025000001FF0010A1048C0202FF8A01059000$/],
      ['00A40904 06 3F0000015031', /^61..$/],
      ['00A40204 02 3F00', /^61..$/],
      ['0020000100', /^63C3$/],
      ['00CB3FFF 0B 4D097007BF8101037F4180', /^610F$/],
      ['00CB3FFF 0A 4D087006BF810102A080', /^6118$/],
      ['00200001 04 31323334', /^9000$/],
      ['00A40904 04 3F000001', /^6121$/],
      ['00CB3FFF 0B 4D097007BF9002037F4880', /^6A80$/],
      ['00CB3FFF 0A 4D087006BF900202A080', /^6115$/],
      ['002241A4 06 840182 800102', /^9000$/],
      [`00880000 33 ${INFO}`, /^6100$/],
    ]
    for (const [command, expected] of steps) expect([command, await say(card.contact, command)]).toEqual([command, expect.stringMatching(expected)])
  })
})

describe('the sequence of the library, antenna', () => {
  it('reads the serial number, and signs with the technical key without a code', async () => {
    card.contactless.reset()
    expect(await say(card.contactless, '00A40904 04 3F00D003 00')).toBe(
      '62258002000C8201018302D0038801E0A1128C077BFFFFFFFFFF009C077BFFFFFFFFFF008A01059000',
    )
    expect(await say(card.contactless, '00B000000C')).toBe('5A0A8025000001290099529F9000')
    expect(await say(card.contactless, CONTACTLESS, '002241A4 06 800102 840183')).toBe('9000')
    const { data } = await exchange(card.contactless, `00880000 33 ${INFO} 00`)
    expect(verify('sha256', MESSAGE, PUBLIC.technical, data)).toBe(true)
  })

  it('answers selection by the application identifier of the antenna', async () => {
    card.contactless.reset()
    expect(await say(card.contactless, '00A4040C 0D E828BD080F8025000001FF0020')).toBe('9000')
  })

  it.each([
    ['VERIFY', '00200001 04 31323334', '6982'],
    ['the state of the code', '00200001', '6982'],
    ['the counters of the code', '00CB3FFF 0A 4D087006BF810102A080', '6982'],
    ['a change of the code', '00240001 08 3132333434333231', '6982'],
    ['an unblocking', '002C0101 08 3837363534333231', '6982'],
    ['class A0', 'A0A40000 02 3F00', '6E00'],
  ])('refuses %s', async (_, command, status) => {
    card.contactless.reset()
    expect(await say(card.contactless, ROOT, command)).toBe(status)
    expect(card.code.remaining()).toBe(3)
  })

  it.each(['7001', '7002', '7003', '7004', '5031', '5032', 'A001', 'A002', 'D107', 'D111', 'D112', 'D120'])(
    'selects and does not read 3F00/0001/%s',
    async (fid) => {
      card.contactless.reset()
      expect(await say(card.contactless, `00A4090C 06 3F000001${fid}`)).toBe('9000')
      expect(await say(card.contactless, '00B0000001')).toBe('6982')
      expect(await say(card.contactless, '00D60000 01 AA')).toBe('6982')
    },
  )

  it.each([
    ['authentication', '002241A4 06 800102 840182', `00880000 33 ${INFO} 00`],
    ['signature', '002241B6 06 800142 840181', `002A9E9A 20 ${'AB'.repeat(32)} 00`],
    ['decipherment', '002241B8 06 80011A 840182', `002A8086 000101 81${'00'.repeat(256)} 0000`],
  ])('refuses %s with the keys of the contacts', async (_, mse, command) => {
    card.contactless.reset()
    expect(await say(card.contactless, CONTACT, mse, command)).toBe('6982')
  })
})
