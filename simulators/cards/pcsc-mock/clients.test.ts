import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Where `clients.ts` puts the real packages; another folder by PCSC_CLIENTS. */
const folder = process.env['PCSC_CLIENTS'] ?? join(process.cwd(), 'out', 'pcsc-clients')
const there = existsSync(join(folder, 'node_modules', 'nfc-pcsc')) && existsSync(join(folder, 'node_modules', 'smartcard'))
if (!there) {
  console.warn(`clients.test.ts is skipped: smartcard and nfc-pcsc are not in ${folder}; fetch them: node simulators/cards/pcsc-mock/clients.ts`)
}

/** What a program prints, each line a value; `api` is this package. The program runs as its author wrote it: CommonJS, its own requires. */
async function told(program: string): Promise<unknown[]> {
  const source = `
    import { createRequire } from 'node:module'
    import * as api from '${new URL('./index.ts', import.meta.url).href}'
    import { exampleCard, bytes } from '${new URL('./card.test-data.ts', import.meta.url).href}'
    const require = createRequire('${join(folder, 'program.js')}')
    const tell = (...values) => console.log(JSON.stringify(values))
    ${program}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 })
  let [output, errors] = ['', '']
  child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => (errors += part.toString('utf8')))
  await new Promise((resolve) => child.once('close', resolve))
  const lines = output.trim().split('\n').filter(Boolean)
  expect(lines, errors).not.toEqual([])
  return lines.map((line) => JSON.parse(line) as unknown)
}

const ATR = '3b8180018080'

describe.skipIf(!there)('programs that we did not write', () => {
  test('the Devices of the real smartcard run on readers that are handed to them', async () => {
    const lines = await told(`
      api.aliasPcsc({ keepSmartcard: true }) // its compiled part is not there
      const { Devices } = require('smartcard')
      tell(require.resolve('smartcard').includes('node_modules'))
      const own = api.createSystem()
      const reader = api.createReader({ name: 'Poste 00 00' })
      own.attach(reader)
      const devices = new Devices(api.smartcardOver(own))
      devices.on('error', (error) => tell('error', error.message))
      devices.on('reader-attached', ({ name }) => { tell('attached', name); reader.insert(exampleCard((command) => bytes(command[1] === 0xc0 ? 'AABB9000' : '6102'))) })
      devices.on('card-inserted', async ({ reader: { name }, card }) => {
        tell('inserted', name, card.atr.toString('hex'), card.protocol, card.getStatus().state)
        tell('answer', (await card.transmit([0, 0xcb, 0x3f, 0xff, 0], { autoGetResponse: true })).toString('hex'))
        reader.remove()
        tell('after', await card.transmit([0, 0x84, 0, 0, 8]).then(() => 'answered', ({ message, code }) => [code, message]))
      })
      devices.on('card-removed', ({ reader: { name } }) => { tell('removed', name); devices.stop() })
      devices.start()`)
    expect(lines).toEqual([
      [true],
      ['attached', 'Poste 00 00'],
      ['inserted', 'Poste 00 00', ATR, 2, 0x34],
      ['answer', 'aabb9000'],
      ['removed', 'Poste 00 00'],
      ['after', [expect.any(Number), expect.any(String)]],
    ])
  })

  test('the whole real smartcard runs over this package as its compiled part', async () => {
    const lines = await told(`
      api.aliasPcsc({ keepSmartcard: true })
      const smartcard = require('smartcard')
      api.system.attach(api.createReader({ name: 'Poste 00 00' }))
      const context = new smartcard.Context()
      tell(context.isValid, context.listReaders().map(({ name, state, atr }) => [name, state & smartcard.SCARD_STATE_EMPTY, atr]))
      tell(await context.listReaders()[0].connect().catch(({ code, name }) => [code, name]))
      api.system.readers[0].insert(exampleCard())
      const card = await context.listReaders()[0].connect(smartcard.SCARD_SHARE_EXCLUSIVE, smartcard.SCARD_PROTOCOL_T1)
      tell(await context.listReaders()[0].connect().catch((error) => error.code))
      tell((await smartcard.transmitWithAutoResponse(card, [0, 0xda, 0, 0, 1, 0xcc], { autoGetResponse: true })).toString('hex'))
      tell(smartcard.parseFeatures(await card.control(smartcard.CM_IOCTL_GET_FEATURE_REQUEST)).size)
      card.disconnect(smartcard.SCARD_RESET_CARD)
      tell(card.connected)
      context.close()`)
    expect(lines).toEqual([[true, [['Poste 00 00', 16, null]]], [[0x8010000c, 'PCSCError']], [0x8010000b], ['cc9000'], [0], [false]])
  })

  test('every name that the real smartcard exports is here too, with the same value where it is a number', async () => {
    const [[missing]] = (await told(`
      const undo = api.aliasPcsc({ keepSmartcard: true })
      const real = require('smartcard')
      undo()
      const ours = await import('${new URL('./smartcard/index.ts', import.meta.url).href}')
      const compiled = ['Reader', 'Card'] // classes that nobody can construct
      tell(Object.keys(real).filter((name) => !compiled.includes(name) && (typeof real[name] === 'number' ? ours[name] !== real[name] : typeof ours[name] !== typeof real[name])))`)) as [
      [string[]],
    ]
    expect(missing).toEqual([])
  })

  test('the real nfc-pcsc finds a badge, selects its application, reads its number and sees it leave', async () => {
    const lines = await told(`
      api.aliasPcsc()
      const { NFC } = require('nfc-pcsc')
      const reader = api.createReader({ name: 'ACS ACR1252 PICC 00 00' })
      api.system.attach(reader)
      const nfc = new NFC()
      nfc.on('error', (error) => tell('error', error.message))
      nfc.on('reader', (device) => {
        device.aid = 'F0394148148100'
        device.on('error', (error) => tell('error', error.message))
        device.on('card', async (card) => {
          tell('card', card.type, card.atr.toString('hex'), card.data.toString('hex'))
          tell('number', (await device.transmit(Buffer.from('ffca000000', 'hex'), 40)).toString('hex'))
          tell('room', await device.transmit(Buffer.from('ffca000000', 'hex'), 3).catch(({ name, previous }) => [name, previous.message.slice(0, 21)]))
          reader.remove()
        })
        device.on('card.off', ({ standard }) => { tell('off', standard); nfc.close() })
        device.on('end', () => tell('end'))
        reader.insert(exampleCard())
      })`)
    expect(lines).toEqual([
      ['card', 'TAG_ISO_14443_4', ATR, 'f039414814810000'],
      ['number', '040102030405069000'],
      ['room', ['TransmitError', 'SCardTransmit error: ']],
      ['off', 'TAG_ISO_14443_4'],
      ['end'],
    ])
  })
})
