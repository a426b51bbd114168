import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../os/bytes.ts'
import { digestInfo } from '../os/rsa.ts'
import { exchange, OPTIONS, say } from './cps.test-data.ts'
import { type Cps3, createCps3 } from './cps3.ts'

const INFO = toHex(digestInfo('sha256', new Uint8Array(createHash('sha256').update('bonjour').digest())))
const VERIFY = '00200001 04 31323334'
const ROOT = '00A4020C 02 3F00'
const CONTACT = '00A4090C 04 3F000001'
const CONTACTLESS = '00A4090C 04 3F000002'

let card: Cps3
beforeEach(() => {
  card = createCps3(OPTIONS)
  card.contact.reset()
})

describe('the code', () => {
  it('counts, tells, locks at the third mistake, and stays locked without power', async () => {
    expect(await say(card.contact, '00200001')).toBe('63C3')
    expect(await say(card.contact, '00200001 04 30303030')).toBe('63C2')
    expect(await say(card.contact, '00200001 04 30303030')).toBe('63C1')
    expect(await say(card.contact, '00200001 04 30303030')).toBe('6983')
    card.contact.powerOff()
    card.contact.reset()
    expect([await say(card.contact, VERIFY), await say(card.contact, '0020000100')]).toEqual(['6983', '6983'])
    expect(await say(card.contact, ROOT, '00CB3FFF 0A 4D087006BF810102A080', '00C0000018')).toContain('9A01039B0100')
  })

  it('is forgotten at a reset, a wrong try and a loss of power, and survives selections', async () => {
    const state = () => say(card.contact, '00200001')
    expect(await say(card.contact, VERIFY, CONTACT, '00A40400 08 8025000001FF0100')).toBe('9000')
    expect(await state()).toBe('9000')
    expect(await say(card.contact, '00200001 04 39393939')).toBe('63C2')
    expect(await state()).toBe('63C2')
    await say(card.contact, VERIFY)
    card.contact.reset()
    expect(await state()).toBe('63C3')
    await say(card.contact, VERIFY)
    card.contactless.reset()
    expect(await say(card.contact, '00200001')).toBe('')
    card.contact.reset()
    expect(await state()).toBe('63C3')
  })

  it('takes no try for a length that no code has', async () => {
    expect(await say(card.contact, '00200001 03 313233')).toBe('6700')
    expect(await say(card.contact, '00200001 09 313233343536373839')).toBe('6700')
    expect(card.code.remaining()).toBe(3)
  })

  it('is unblocked by the unblocking code, which locks itself', async () => {
    card.code.preset(0)
    expect(await say(card.contact, '002C0301')).toBe('6982')
    expect(await say(card.contact, '002C0101 08 3030303030303030')).toBe('63C2')
    expect(await say(card.contact, '002C0001 10 3837363534333231 3535353535353535')).toBe('9000')
    expect(await say(card.contact, '00200001 08 3535353535353535')).toBe('9000')
    card.code.preset(0)
    expect(await say(card.contact, '00200002 08 3837363534333231', '002C0301')).toBe('9000')
    expect(card.code.remaining()).toBe(3)
    card.code.preset(0)
    for (let tries = 0; tries < 3; tries++) await say(card.contact, '002C0101 08 3030303030303030')
    expect(await say(card.contact, '002C0101 08 3837363534333231')).toBe('6983')
    expect(card.code.remaining()).toBe(0)
  })

  it('is changed with the old one, or after it', async () => {
    expect(await say(card.contact, '00240101 04 39393939')).toBe('6982')
    expect(await say(card.contact, '00240001 08 30303030 39393939')).toBe('63C2')
    expect(await say(card.contact, '00240001 08 31323334 39393939')).toBe('9000')
    expect(await say(card.contact, VERIFY)).toBe('63C2')
    expect(await say(card.contact, '00200001 04 39393939', '00240101 04 31323334', VERIFY)).toBe('9000')
  })

  it('may be left verified by another process, until the next reset', async () => {
    card.contact.powerOff()
    card.code.leaveVerified()
    card.contact.reset()
    expect(await say(card.contact, '00200001')).toBe('9000')
    expect(await say(card.contact, CONTACT, '002241A4 06 800102 840182', `00880000 33 ${INFO}`)).toBe('6100')
    card.contact.reset()
    expect(await say(card.contact, '00200001')).toBe('63C3')
  })
})

describe('what the rules refuse with contacts', () => {
  it.each([
    ['authentication without the code', ['002241A4 06 800102 840182'], `00880000 33 ${INFO}`, '6982'],
    ['signature without the code', ['002241B6 06 800142 840181'], `002A9E9A 20 ${'AB'.repeat(32)}`, '6982'],
    ['authentication with the signature key', [VERIFY, '002241A4 06 800102 840181'], `00880000 33 ${INFO}`, '6982'],
    ['signature with the authentication key', [VERIFY, '002241B6 06 800142 840182'], `002A9E9A 20 ${'AB'.repeat(32)}`, '6982'],
    ['an unknown key', [VERIFY], '002241A4 06 800102 840187', '6A88'],
    ['no environment', [VERIFY], `00880000 33 ${INFO}`, '6985'],
    ['more than 40 % of the modulus', [VERIFY, '002241A4 06 800102 840182'], `00880000 67 ${'AB'.repeat(103)}`, '6700'],
    ['a situation without the code', ['00A4090C 06 3F000001D120'], '00B0000001', '6982'],
    ['writing without the code', ['00A4090C 06 3F000001D107'], '00D60000 01 AA', '6982'],
    ['writing what is not to be written', [VERIFY, '00A4090C 06 3F000001A002'], '00D60000 01 AA', '6982'],
    ['secure messaging', [], '0C200001', '6882'],
    ['another channel', [], '01200001', '6881'],
    ['another class', [], '80200001', '6E00'],
    ['another instruction', [], '00FE0000', '6D00'],
  ])('%s', async (_, before, command, status) => {
    expect(await say(card.contact, CONTACT, ...before, command)).toBe(status)
  })

  it('the environment, after another directory was entered', async () => {
    await say(card.contact, VERIFY, CONTACT, '002241A4 06 800102 840182', CONTACTLESS, CONTACT)
    expect(await say(card.contact, `00880000 33 ${INFO}`)).toBe('6985')
    expect(await say(card.contact, '0022F305')).toBe('9000')
    expect(await say(card.contact, '0022F30E')).toBe('6A88')
  })

  it('and what they allow with the code', async () => {
    await say(card.contact, VERIFY)
    expect((await exchange(card.contact, '00A4090C 06 3F000001D120')).status).toBe(0x9000)
    expect(Buffer.from((await exchange(card.contact, '00B0000000')).data).toString()).toContain('CENTRE HOSPITALIER FICTIF')
    expect(await say(card.contact, '00A4090C 06 3F000001D107', '00D60004 02 CAFE', '00B0000406')).toBe('CAFE000000009000')
  })
})

describe('the CPS2ter part', () => {
  it('speaks class A0: bytes available 9Fxx, errors 94xx and 98xx, one counter with the other part', async () => {
    expect(await say(card.contact, 'A0A40000 02 6F00')).toBe('9404')
    expect(await say(card.contact, 'A0A40000 02 4010')).toBe('9F07')
    expect(await say(card.contact, 'A0C0000007')).toBe('00000019401004' + '9000')
    expect(await say(card.contact, 'A0B0000004')).toBe('9804')
    expect(await say(card.contact, 'A0200001 08 30303030FFFFFFFF')).toBe('9804')
    expect(card.code.remaining()).toBe(2)
    expect(await say(card.contact, 'A0200001 08 31323334FFFFFFFF')).toBe('9000')
    expect(await say(card.contact, 'A0A40000 02 4010', 'A0B0000006')).toBe(`${toHex(utf8('CENTRE'))}9000`)
    expect(await say(card.contact, 'A0A40000 02 7F01', 'A0A40000 02 4000', 'A0B0000004')).toMatch(/9000$/)
    card.code.preset(1)
    expect(await say(card.contact, 'A0200001 08 30303030FFFFFFFF')).toBe('9840')
  })

  it('may be all that answers after power-on, until IAS-ECC is selected by name', async () => {
    const old = createCps3({ ...OPTIONS, startsIn: 'cps2ter' })
    old.contact.reset()
    expect(await say(old.contact, '00A40904 04 3F00D003')).toBe('6E00')
    expect(await say(old.contact, '00A40404 08 8025000001FF0100', '00A40904 04 3F00D003')).toBe('6127')
  })
})

describe('one chip', () => {
  it('says nothing without power', async () => {
    const fresh = createCps3(OPTIONS)
    expect(await say(fresh.contact, '00200001')).toBe('')
    fresh.contact.reset()
    fresh.contact.powerOff()
    expect(await say(fresh.contact, '00200001')).toBe('')
  })
})
