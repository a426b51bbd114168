import { describe, expect, it } from 'vitest'
import { diversify, withVersion } from './an10922.ts'
import { blockCipher, cbcDecrypt, cbcEncrypt, type KeyType } from './cipher.ts'
import { cmac } from './cmac.ts'
import { answerChallenge, ev2Pass } from './three-pass.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('AES-CMAC, RFC 4493 §4', () => {
  const key = blockCipher('aes', hex('2b7e151628aed2a6abf7158809cf4f3c'))
  const message = hex(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  )

  it('makes the subkeys', () => {
    expect(key.macKeys().map((one) => one.toString('hex'))).toEqual(['fbeed618357133667c85e08f7236a8de', 'f7ddac306ae266ccf90bc11ee46d513b'])
  })

  it.each([
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ])('of %i bytes', (length, expected) => {
    expect(cmac(key, message.subarray(0, length)).toString('hex')).toBe(expected)
  })
})

describe('TDEA-CMAC, NIST SP 800-38B appendix D.4 and D.5', () => {
  it.each([
    ['3tdea', '8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5', '', 'b7a688e122ffaf95'],
    ['3tdea', '8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5', '6bc1bee22e409f96', '8e8f293136283797'],
    ['2tdea', '4cf15134a2850dd58a3d10ba80570d38', '', 'bd2ebf9a3ba00361'],
    ['2tdea', '4cf15134a2850dd58a3d10ba80570d38', '6bc1bee22e409f96', '4ff2ab813c53ce83'],
  ] as const)('%s', (type, key, message, expected) => {
    expect(cmac(blockCipher(type, hex(key)), hex(message)).toString('hex')).toBe(expected)
  })
})

describe('AN10922, the examples of §2.2.1 to §2.6.1', () => {
  const examples: readonly (readonly [KeyType, string, string, string, number | null])[] = [
    ['aes', '00112233445566778899AABBCCDDEEFF', '04782E21801D803042F54E585020416275', 'A8DD63A3B89D54B37CA802473FDA9175', null],
    [
      'aes192',
      '00112233445566778899AABBCCDDEEFF0102030405060708',
      '04782E21801D803042F54E585020416275',
      'CE39C8E1CD82D9A7BEDBE9D74AF59B23176755EE7586E12C',
      null,
    ],
    [
      'aes256',
      '00112233445566778899AABBCCDDEEFF0102030405060708090A0B0C0D0E0F00',
      '04782E21801D803042F54E585020416275',
      '4FC6EEC820B4C54314990B8611662DB695E7880982C0001E6067488346100AED',
      null,
    ],
    ['2tdea', '00112233445566778899AABBCCDDEEFF', '04782E21801D803042F54E58502041', '16F9587D9E8910C96B9648D006107DD7', 0x55],
    [
      '3tdea',
      '00112233445566778899AABBCCDDEEFF0102030405060708',
      '04782E21801D803042F54E5850',
      '2E0DD03774D3FA9B5705AB0BDA91CA0B55B8E07FCDBF10EC',
      0x55,
    ],
  ]
  it.each(examples)('%s', (type, master, input, expected, version) => {
    const key = diversify(blockCipher(type, hex(master)), hex(input))
    expect((version === null ? key : withVersion(key, version)).toString('hex').toUpperCase()).toBe(expected)
  })

  it('makes the subkeys of the AES-128 and AES-192 examples', () => {
    expect(blockCipher('aes', hex('00112233445566778899AABBCCDDEEFF')).macKeys()[1]).toEqual(hex('F793EEB928278083BFDC8A5A7E0E0D25'))
    const longer = blockCipher('aes192', hex('00112233445566778899AABBCCDDEEFF0102030405060708'))
    expect(longer.macKeys()).toEqual([hex('A5B6B5FCF6C9DFF563D25DD53078BEE6'), hex('4B6D6BF9ED93BFEAC7A4BBAA60F17D4B')])
  })

  it('takes an input of less than a block as AN10957 shows (pages 13 and 14)', () => {
    const key = diversify(blockCipher('aes', hex('f3f9377698707b688eaf84abe39e3791')), hex('04deadbeeffeed'))
    expect(key).toEqual(hex('0bb408baff98b6ee9f2e1585777f6a51'))
  })

  it('refuses an input that is too long or empty, and single DES', () => {
    const master = blockCipher('aes', Buffer.alloc(16))
    expect(() => diversify(master, Buffer.alloc(32))).toThrow(RangeError)
    expect(() => diversify(master, Buffer.alloc(0))).toThrow(RangeError)
    expect(() => diversify(blockCipher('des', Buffer.alloc(8)), Buffer.alloc(1))).toThrow(RangeError)
  })
})

describe('block cipher', () => {
  it.each(['des', '2tdea', '3tdea', 'aes', 'aes192', 'aes256'] as const)('%s comes back from CBC', (type) => {
    const cipher = blockCipher(type, Buffer.alloc({ des: 8, '2tdea': 16, '3tdea': 24, aes: 16, aes192: 24, aes256: 32 }[type], 0x3c))
    const text = Buffer.from(Array.from({ length: 48 }, (_, i) => i))
    const iv = Buffer.alloc(cipher.blockSize, 7)
    const secret = cbcEncrypt(cipher, iv, text)
    expect(secret).not.toEqual(text)
    expect(cbcDecrypt(cipher, iv, secret)).toEqual(text)
  })

  it('refuses a torn block and a short key', () => {
    const cipher = blockCipher('aes', Buffer.alloc(16))
    expect(() => cipher.encrypt(Buffer.alloc(15))).toThrow(RangeError)
    expect(() => cipher.decrypt(Buffer.alloc(17))).toThrow(RangeError)
    expect(() => blockCipher('aes', Buffer.alloc(15))).toThrow(RangeError)
  })
})

/** Traces of real cards, published with the PN532 DESFire library of ElmüSoft and kept in the tests of pydesfire. */
describe('three passes with real cards', () => {
  const traces = [
    {
      name: 'ISO, DES',
      mode: 'iso',
      key: blockCipher('des', Buffer.alloc(8)),
      challenge: '5D994CE085F24089',
      random: '849B36C5F8BF4A09',
      token: null,
      answer: '913C6DED84221C41',
      session: '849A36C44ED0B658',
    },
    {
      name: 'ISO, 2TDEA',
      mode: 'iso',
      key: blockCipher('2tdea', hex('00102031405060708090A0B0B0A09080')),
      challenge: 'B295579926155AE3',
      random: '530E3D90F7A201C4',
      token: '70F349740C945DAE159BA9FEDBCC461A',
      answer: 'B8FD7FE56B241FC4',
      session: '520E3C90BCD82896F6A200C446322CAE',
    },
    {
      name: 'ISO, 3TDEA',
      mode: 'iso',
      key: blockCipher('3tdea', Buffer.alloc(24)),
      challenge: 'BC1C570BC948156187132364E4DCE176',
      random: '36C5F8BF4A09AC239E8DA0C73251D4AB',
      token: 'DDDC9A77597F03A40C7FAA362F45A8EADBE46A115D98198CBF36A6E51B39D87C',
      answer: '7244D935ED9A1306CD8C841A7C1DE39A',
      session: '36C4F8BE306E6C76AC229E8CF824BA303250D4AA643656A2',
    },
    {
      name: 'AES',
      mode: 'aes',
      key: blockCipher('aes', hex('10182028303840485058606870788088')),
      challenge: 'B351CB2465D4F33AC627FD6E87A168F2',
      random: '40E7D27174CBA675E8EFBAB99C530E3D',
      token: '044B6CAC343A0865895149649CA8DDE1F5AC4EC67BD208900AF02F049E05F0B0',
      answer: 'A2EE144B1012FBEB7B2F11132D95A454',
      session: '40E7D271626FFBD49C530E3D304F5B17',
    },
  ] as const
  it.each(traces)('$name', ({ mode, key, challenge, random, token, answer, session }) => {
    const second = answerChallenge(key, mode, hex(challenge), hex(random))
    if (token) expect(second?.token).toEqual(hex(token))
    const concluded = second?.conclude(hex(answer))
    expect(concluded?.genuine).toBe(true)
    // DES ignores the lowest bit of each byte, and the traces show it cleared.
    const clear = (bytes: Buffer | undefined) => bytes?.map((byte) => (mode === 'iso' ? byte & 0xfe : byte))
    expect(clear(concluded?.session.encryption)).toEqual(hex(session))
    const bent = hex(answer)
    bent[0] = (bent[0] ?? 0) ^ 1
    expect(second?.conclude(bent).genuine).toBe(false)
    expect(second?.conclude(bent.subarray(1)).genuine).toBe(false)
  })
})

/** Both key sets are printed in NXP AN12196 (tables 14 and 19). */
it.each([
  ['13C5DB8A5930439FC3DEF9A4C675360F', 'B9E2FC789B64BF237CCCAA20EC7E6E48', '1309C877509E5A215007FF0ED19CA564', '4C6626F5E72EA694202139295C7A7FC7'],
  ['B98F4C50CF1C2E084FD150E33992B048', '91517975190DCEA6104948EFA3085C1B', '7A93D6571E4B180FCA6AC90C9A7488D4', 'FC4AF159B62E549B5812394CAB1918CC'],
])('AN12196 session keys of RndA %s', (a, b, encryption, mac) => {
  const keys = ev2Pass(blockCipher('aes', Buffer.alloc(16)), hex(a), hex(b), Buffer.alloc(16))
  expect(keys.encryption).toEqual(hex(encryption))
  expect(keys.mac).toEqual(hex(mac))
})
