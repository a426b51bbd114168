import { describe, expect, it } from 'vitest'
import { cardWith, hex, key, scripted, withFile, zeros } from './bench-tools.test-data.ts'
import { createDesfireCard, type DesfireCard } from './card.ts'
import { crc16, crc32 } from './crc.ts'
import { openChannel } from './messaging/channel.ts'
import { oddBytes } from './messaging/ev2.ts'
import { createTerminal, localKey } from './terminal/index.ts'

/** Plays a command and compares what the card says with what a real one said. */
function replay(card: DesfireCard, command: string, expected: string): void {
  expect(card.execute(hex(command)).toString('hex').toUpperCase()).toBe(expected)
}

/** NXP AN12196 (NTAG 424 DNA), whose messaging is that of DESFire EV2; numbers of its tables. */
describe('AN12196, replayed on the card', () => {
  it('tables 14 and 17: first authentication with key 0, enciphered write of 128 bytes', () => {
    const card = withFile(cardWith({}, scripted('B9E2FC789B64BF237CCCAA20EC7E6E48', '9D00C4DF')), 2, 'full', 0x0000, 256)
    replay(card, '905A0000030000F500', '9100')
    replay(card, '9071000002000000', 'A04C124213C186F22399D33AC2A3021591AF')
    replay(
      card,
      '90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00',
      '3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100',
    )
    const secret =
      '421C73A27D827658AF481FDFF20A5025B559D0E3AA21E58D347F343CFFC768BFE596C706BC00F2176781D4B0242642A0FF5A42C461AAF894D9A1284B8C76BCFA658ACD40555D362E08DB15CF421B51283F9064BCBE20E96CAE545B407C9D651A3315B27373772E5DA2367D2064AE054AF996C6F1F669170FA88CE8C4E3A4A7BBBEF0FD971FF532C3A802AF745660F2B4'
    replay(card, `908D00009F02000000800000${secret}D1D9A8499661EBF300`, 'FC222E5F7A5424529100')
  })

  it('tables 19, 21, 23, 25 and 26: authentication with key 3, write, non-first authentication, another key and the own one changed', async () => {
    const random = scripted('91517975190DCEA6104948EFA3085C1B', '7614281A', '6924E8D09722659A2E7DEC68E66312B8')
    const card = withFile(withFile(cardWith({}, random), 3, 'full', 0x3333, 128), 4, 'mac', 0x0000, 16)
    replay(card, '905A0000030000F500', '9100')
    replay(card, '9071000002030000', 'B875CEB0E66A6C5CD00898DC371F92D191AF')
    replay(
      card,
      '90AF000020FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B100',
      '0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A9100',
    )
    replay(card, '908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00', 'C26D236E4A7C046D9100')
    const file = [...card.chip.applications.values()][1]?.files.get(3)
    expect(file && 'data' in file && file.data.subarray(0, 10)).toEqual(hex('0102030405060708090A'))
    replay(card, '90770000010000', 'A6A2B3C572D06C097BB8DB70463E22DC91AF')
    replay(card, '90AF000020BE7D45753F2CAB85F34BC60CE58B940763FE969658A532DF6D95EA2773F6E99100', 'B888349C24B315EAB5B589E279C8263E9100')
    // The table has the counter at 2: one more command, made here with the keys of the session.
    const session = card.chip.session
    const terminal = session && openChannel(session.keys, session.channel.counter, session.transaction)
    const body = terminal?.protect(0x64, hex('00'), zeros(0), 'mac') ?? zeros(0)
    expect(card.execute(Buffer.concat([hex('9064000009'), body, hex('00')])).subarray(-2)).toEqual(hex('9100'))
    replay(card, '90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600', '203BB55D1089D5879100')
    replay(card, '90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200', '9100')
    expect(card.chip.selected.keys[2]?.bytes).toEqual(hex('F3847D627727ED3BC9C4CC050489B966'))
    expect(card.chip.selected.keys[2]?.version).toBe(1)
    expect(card.chip.selected.keys[0]?.bytes).toEqual(hex('5004BF991F408672B1EF00F08F9E8647'))
    expect(card.chip.session).toBeUndefined()
  })

  it('table 19: the terminal makes the same token', () => {
    const holder = localKey('aes', zeros(16), scripted('B98F4C50CF1C2E084FD150E33992B048'))
    const second = holder.answer('ev2-first', hex('B875CEB0E66A6C5CD00898DC371F92D1'))
    if (!second || second instanceof Promise) throw new Error('no answer')
    expect(second.token).toEqual(hex('FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1'))
    const { genuine, session } = second.conclude(hex('0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A'))
    expect(genuine).toBe(true)
    expect(session.transaction).toEqual(hex('7614281A'))
    expect(session.encryption).toEqual(hex('7A93D6571E4B180FCA6AC90C9A7488D4'))
    const channel = openChannel(session)
    expect(channel.protect(0x8d, hex('030000000A0000'), hex('0102030405060708090A'), 'full')).toEqual(
      hex('030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA'),
    )
    expect(channel.check(hex('C26D236E4A7C046D'), 'mac').genuine).toBe(true)
  })

  it('table 28: the UID of the card, read by the terminal', () => {
    const keys = { encryption: hex('2B4D963C014DC36F24F69A50A394F875'), mac: hex('379D32130CE61705DD5FD8C36B95D764'), transaction: hex('DF055522') }
    const channel = openChannel({ mode: 'ev2-first', type: 'aes', ...keys })
    expect(channel.protect(0x51, zeros(0), zeros(0), 'mac')).toEqual(hex('8E2C155ADDA99BE3'))
    expect(channel.check(hex('70756055688505B52A5E26E59E329CD6595F672298EA41B7'), 'full')).toEqual({ data: hex('04958CAA5C5E80'), genuine: true })
  })

  it('table 7 and 25: truncated CMAC, checksum of the new key', () => {
    expect(oddBytes(hex('B565AC978FA46D5784C845CD1444102C'))).toEqual(hex('6597A457C8CD442C'))
    expect(crc32(hex('F3847D627727ED3BC9C4CC050489B966'))).toEqual(hex('789DFADC'))
  })
})

/** NXP AN12343 (DESFire Light), pages 76 to 80. */
it('AN12343: checksum of the new key', () => {
  expect(crc32(hex('01234567890123456789012345678901'))).toEqual(hex('A0A60868'))
})

describe('checksums', () => {
  // ISO/IEC 14443-3 annex B: CRC_A of 00 00 and of 12 34.
  it.each([
    ['0000', 'A01E'],
    ['1234', '26CF'],
  ])('CRC_A of %s', (data, expected) => expect(crc16(hex(data))).toEqual(hex(expected)))
  // DESFire notes of A. Kennard (RevK).
  it.each([
    ['00102030405060708090A0B0B0A09080', 'BFE37919'],
    ['C4800000000000000000000000000000000001', '1DD9EAC2'],
  ])('CRC-32 of %s', (data, expected) => expect(crc32(hex(data))).toEqual(hex(expected)))
})

/** Traces of real cards, published with the PN532 DESFire library of ElmüSoft and kept in the tests of pydesfire. */
describe('real cards in EV1 messaging', () => {
  it('AES: authentication with key 0, which is changed', () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00ae16, keys: 2 }, scripted('C05DDD714FD788A6B7B754F3C4D066E8'))
    replay(card, '5A16AE00', '00')
    replay(card, 'AA00', 'AFB969FDFE56FD91FC9DE6F6F213B8FD1E')
    replay(card, 'AF36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774', '00800DB680BC146BD121D6578F2D2E2059')
    replay(card, 'C400E9F85E219496C2B58C1090DC3935FAE9E840CF61B383D9531946256B1F110C10', '00')
    expect(card.chip.selected.keys[0]).toMatchObject({ bytes: hex('00102030405060708090A0B0B0A09080'), version: 0x10 })
  })

  /** Opens a session with these key bytes: those parts of RndA and RndB that go into it, the rest zero. */
  async function session(card: DesfireCard, mode: 'iso' | 'aes', aid: number, family: 'des' | 'aes', rndA: string) {
    const terminal = createTerminal({ transmit: card.transmit, framing: 'native' })
    await terminal.selectApplication(aid)
    const proved = await terminal.authenticate(mode, 0, localKey(family, zeros(16), scripted(rndA)))
    expect(proved.ok).toBe(true)
    return terminal
  }

  it('AES: another key changed, with the code of the answer', async () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00ae16, keys: 2 }, scripted('D810004400000000000000004D7AB17C'))
    await session(card, 'aes', 0x00ae16, 'aes', 'C2A1E47B0000000000000000FE6D00A7')
    replay(card, 'C401E7ECCB6BD1CA64BC161A12B1C024F714303374 08C8A87EACAB7A1FF18951FCA3'.replaceAll(' ', ''), '002128D3CD9C9ACFFF')
    expect(card.chip.selected.keys[1]).toMatchObject({ bytes: hex('00102030405060708090A0B0B0A09080'), version: 0x10 })
  })

  it('3TDEA: authentication with key 0, which is changed', () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00de24, family: '3tdea', keys: 2 }, scripted('316E6D76A449F925BA304FB2653656A2'))
    replay(card, '5A24DE00', '00')
    replay(card, '1A00', 'AFBC1C570BC948156187132364E4DCE176')
    replay(card, 'AFDDDC9A77597F03A40C7FAA362F45A8EADBE46A115D98198CBF36A6E51B39D87C', '007244D935ED9A1306CD8C841A7C1DE39A')
    replay(card, 'C400F4F865F318CB9DE80B2B165145021F4F3AFEF1244FEA42FC997726FDE750741D', '00')
    expect(card.chip.selected.keys[0]?.bytes).toEqual(hex('00102031405060708090A0B0B0A090807060504030201000'))
  })

  it('2TDEA: authentication with a key of two halves', () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00de16, family: 'des', keys: 2 }, scripted('BCD8299747332DAF'))
    const application = card.chip.applications.get(0x00de16)
    application?.keys.splice(0, 1, key('des', hex('00102031405060708090A0B0B0A09080')))
    replay(card, '5A16DE00', '00')
    replay(card, '1A00', 'AFB295579926155AE3')
    replay(card, 'AF70F349740C945DAE159BA9FEDBCC461A', '00B8FD7FE56B241FC4')
  })

  it('DES under ISO: the own key changed to two halves', async () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00de16, family: 'des', keys: 2 }, scripted('4C647E5600000000'))
    await session(card, 'iso', 0x00de16, 'des', 'C86CE25E00000000')
    replay(card, 'C400BEDE0FC6ED347DCF0D51C717DF75D97D2C5A2BA6CAC7479D', '00')
    expect(card.chip.selected.keys[0]?.bytes).toEqual(hex('00102031405060708090A0B0B0A09080'))
  })

  it('DES under ISO: another key changed, with the code of the answer', async () => {
    const card = cardWith({ generation: 'EV1', aid: 0x00de16, family: 'des', keys: 2 }, scripted('CAE8525E00000000'))
    await session(card, 'iso', 0x00de16, 'des', 'CAA674E800000000')
    replay(card, 'C4014EB669E48DCA584749542E1BE89CB4C7845A38C57D19DE59', '002EAD04DCF121E0FE')
  })

  it('DES under ISO: the version of the card in three frames, with one code over all of them', () => {
    const card = createDesfireCard({
      uid: hex('04063F72633480'),
      generation: 'EV1',
      random: () => key('des', zeros(16)).cipher.decrypt(hex('5D994CE085F24089')),
      production: hex('BA4519E3204913'),
    })
    replay(card, '1A00', 'AF5D994CE085F24089')
    const holder = localKey('des', zeros(16), scripted('849B36C5F8BF4A09'))
    const second = holder.answer('iso', hex('5D994CE085F24089'))
    if (!second || second instanceof Promise) throw new Error('no answer')
    replay(card, `AF${second.token.toString('hex')}`, '00913C6DED84221C41')
    replay(card, '60', 'AF04010101001A05')
    replay(card, 'AF', 'AF04010101041A05')
    replay(card, 'AF', '0004063F72633480BA4519E3204913CDC810BAFA401759')
  })
})
