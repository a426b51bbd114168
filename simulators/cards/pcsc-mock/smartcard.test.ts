import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { createReader, createSystem, smartcardOver } from './index.ts'
import { CardRemovedError, Devices, SharingViolationError } from './smartcard/index.ts'

const opened: Devices[] = []
afterEach(() => {
  for (const devices of opened.splice(0)) devices.stop()
})

/** A machine of its own with one reader, and the events of its devices. */
function machine() {
  const own = createSystem()
  const reader = createReader({ name: 'Poste 00 00' })
  own.attach(reader)
  const devices = new Devices(smartcardOver(own))
  opened.push(devices)
  return { reader, devices, own }
}

test('readers and cards are told as events, and a card is connected when it is told', async () => {
  const { reader, devices } = machine()
  const attached = once(devices, 'reader-attached')
  devices.start()
  expect((await attached)[0]).toMatchObject({ name: 'Poste 00 00' })
  const inserted = once(devices, 'card-inserted')
  reader.insert(exampleCard())
  const [{ card }] = await inserted
  expect(card.atr).toEqual(Buffer.from(bytes('3B8180018080')))
  expect(await card.transmit([0x00, 0xda, 0, 0, 1, 0xcc])).toEqual(Buffer.from(bytes('CC9000')))
  expect(devices.getCard('Poste 00 00')).toBe(card)
  const removed = once(devices, 'card-removed')
  reader.remove()
  await removed
  expect(devices.getCard('Poste 00 00')).toBeNull()
})

test('with autoGetResponse, what 61xx announces is fetched and 6Cxx is repeated with the right length', async () => {
  const { reader, devices } = machine()
  const answers: Readonly<Record<string, string>> = { '00b0000000': '6C03', '00b0000003': '010203 6102', '00c0000002': '0405 9000' }
  devices.start()
  const inserted = once(devices, 'card-inserted')
  reader.insert(exampleCard((command) => bytes(answers[Buffer.from(command).toString('hex')] ?? '6F00')))
  const [{ card }] = await inserted
  expect(await card.transmit(bytes('00B0000000'), { autoGetResponse: true })).toEqual(Buffer.from(bytes('0102030405 9000')))
  expect(await card.transmit(bytes('00B0000000'))).toEqual(Buffer.from(bytes('6C03')))
})

test('errors have the classes and numbers of the binding', async () => {
  const { reader, own } = machine()
  reader.insert(exampleCard())
  const { Context, SCARD_SHARE_SHARED } = smartcardOver(own)
  const context = new Context()
  const [listed] = context.listReaders()
  const exclusive = await listed?.connect(1)
  await expect(listed?.connect(SCARD_SHARE_SHARED)).rejects.toThrow(SharingViolationError)
  reader.remove()
  const failure = await exclusive?.transmit([0, 0x84, 0, 0, 8]).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(CardRemovedError)
  expect(failure).toMatchObject({ code: 0x80100069 })
  context.close()
  expect(() => context.listReaders()).toThrow()
})

test('a context waits for a change, is told of it, and can be given up', async () => {
  const { reader, own } = machine()
  const context = new (smartcardOver(own).Context)()
  const [state] = (await context.waitForChange()) ?? []
  if (!state) throw new Error('no reader was told')
  const waiting = context.waitForChange([{ ...state, state: state.state & ~2 }])
  reader.insert(exampleCard())
  expect(await waiting).toMatchObject([{ name: 'Poste 00 00', changed: true }])
  const given = context.waitForChange([{ ...state, state: reader.state }])
  context.cancel()
  expect(await given).toBeNull()
})

test('an import of the binding is led here, in a program that knows nothing of it', () => {
  const program = `
    import { createRequire } from 'node:module'
    import { aliasPcsc, createReader, system } from '${new URL('./index.ts', import.meta.url).href}'
    aliasPcsc()
    system.attach(createReader({ name: 'Alias 00 00' }))
    const { Devices } = createRequire('${import.meta.url}')('smartcard')
    const devices = new Devices().on('reader-attached', ({ name }) => { console.log(name); devices.stop() })
    devices.start()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(stdout, stderr).toBe('Alias 00 00\n')
})
