import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import {
  createReader,
  createRecorder,
  createVpcdReader,
  findProgram,
  inspectMachine,
  type Pcscd,
  PcscdClient,
  type PcscError,
  type Reader,
  startPcscd,
  type VpcdReader,
} from './index.ts'
import { CHALLENGE, eventually, played, type Side, T0_ONLY } from './pcscd-story.test-data.ts'

const machine = await inspectMachine()
if (!machine.ok) console.warn(`pcscd.test.ts is skipped: ${machine.code}. ${machine.message} ${machine.fix}`)

describe.skipIf(!machine.ok)('a pcscd of our own', () => {
  let pcscd: Pcscd
  const recorder = createRecorder()
  const laid: VpcdReader[] = []

  beforeAll(async () => {
    const started = await startPcscd({ readers: ['HospiCert Contact', 'HospiCert PICC'] })
    if (!started.ok) throw new Error(`${started.code}: ${started.message}`)
    pcscd = started
  })
  afterAll(async () => {
    await pcscd?.stop()
  })

  afterEach(() => {
    for (const reader of laid.splice(0)) reader.remove()
  })

  /** A card in one of the readers, seen by pcscd. */
  async function inserted(index: number, card = exampleCard(() => bytes('00112233445566779000'), { atr: T0_ONLY })) {
    const found = pcscd.readers[index]
    if (!found) throw new Error(`no reader ${index}`)
    const reader = createVpcdReader({ name: found.systemName, port: found.port, recorder, retry: { first: 5, last: 50 } })
    laid.push(reader)
    await reader.insert(card)
    await reader.taken()
    return { card, reader, name: found.systemName, port: found.port }
  }

  test('listens on loopback only, on the ports it tells', async () => {
    const table = await readFile('/proc/net/tcp', 'utf8')
    for (const { port } of pcscd.readers) {
      const listeners = table.split('\n').filter((line) => line.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`))
      expect(listeners.map((line) => line.trim().split(/\s+/)[1]?.split(':')[0])).toEqual(['0100007F'])
    }
  })

  test.skipIf(!findProgram('opensc-tool'))('shows a card of each reader to a program that we did not write', async () => {
    const [contact, badge] = [await inserted(0), await inserted(1, exampleCard())]
    expect(await said('opensc-tool', ['--reader', '0', '--atr'])).toContain('3b:ac:00:40:2a:00:12:25:00:64:80:00:03:10:00:90:00')
    const number = await said('opensc-tool', ['--reader', '2', '--card-driver', 'default', '--send-apdu', 'FFCA000000'])
    expect(number).toMatch(/SW1=0x90, SW2=0x00/)
    expect(number).toContain('04 01 02 03 04 05 06')
    contact.reader.remove()
    badge.reader.remove()
    expect(recorder.entries.some(({ reader, said: told }) => reader === badge.name && told.startsWith('GET DATA (lecteur) numéro'))).toBe(true)
  })

  test('a restarted daemon finds the card again', async () => {
    const { reader, name, card } = await inserted(0)
    expect(await pcscd.restart()).toBeNull()
    await reader.taken()
    expect(card.life.slice(-2)).toEqual(['off', 'reset'])
    const client = await PcscdClient.open(pcscd.env)
    const connection = await eventually(() => client.connect(name))
    expect(await connection.transmit(CHALLENGE)).toEqual(bytes('00112233445566779000'))
    client.close()
    reader.remove()
  })

  test('a silent, broken or pulled card gives the program no status word, and the next card works at once', async () => {
    const { promise: never } = Promise.withResolvers<Uint8Array>()
    const { reader, name, card } = await inserted(0)
    const client = await PcscdClient.open(pcscd.env)
    const connection = await eventually(() => client.connect(name))
    card.transmit = async () => new Uint8Array()
    expect(await connection.transmit(CHALLENGE)).toEqual(bytes('00'))
    card.transmit = () => {
      throw new Error('en panne')
    }
    expect(await connection.transmit(CHALLENGE)).toEqual(bytes('00'))
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    card.transmit = () => {
      resolve()
      return never
    }
    const broken = connection.transmit(CHALLENGE)
    await reached
    reader.remove()
    expect(await broken).toEqual(bytes(''))
    // pcscd has not noticed yet that there is another card: it must be told.
    const next = await inserted(0)
    await eventually(async () => expect(await connection.transmit(CHALLENGE).catch((error: PcscError) => error.scard)).toBe('SCARD_W_REMOVED_CARD'))
    client.close()
    const again = await PcscdClient.open(pcscd.env)
    expect(await (await eventually(() => again.connect(name))).transmit(CHALLENGE)).toHaveLength(10)
    again.close()
    next.reader.remove()
  })

  test('connections share, hold, reset and lose a card as they do in this process', async () => {
    const here = await played(inProcess())
    const there = await played(await throughPcscd())
    expect(there).toEqual(here)
    expect(here).toMatchObject({ 'exclusive beside another': 'SCARD_E_SHARING_VIOLATION', 'after a reset by another': 'SCARD_W_RESET_CARD' })
  })

  function inProcess(): Side {
    const reader: Reader = createReader({ name: 'here', whenHeld: 'refuse' })
    return {
      connect: (options) => reader.connect(options),
      insert: async (card) => reader.insert(card),
      remove: () => reader.remove(),
      end: () => reader.detach(),
    }
  }

  async function throughPcscd(): Promise<Side> {
    const found = pcscd.readers[0]
    if (!found) throw new Error('no reader')
    const clients: PcscdClient[] = []
    const reader: VpcdReader = createVpcdReader({ name: found.systemName, port: found.port })
    laid.push(reader)
    return {
      async connect(options) {
        const client = await PcscdClient.open(pcscd.env)
        clients.push(client)
        return await client.connect(found.systemName, options)
      },
      async insert(card) {
        await reader.insert(card)
        await reader.taken()
        await eventually(async () => {
          const client = await PcscdClient.open(pcscd.env)
          await (await client.connect(found.systemName)).disconnect().finally(() => client.close())
        })
      },
      remove: () => reader.remove(),
      end() {
        reader.remove()
        for (const client of clients) client.close()
      },
    }
  }

  /** What a program prints when it sees our readers only. */
  function said(program: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env: { ...process.env, ...pcscd.env }, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')))
      child.stderr.on('data', (part: Buffer) => (output += part.toString('utf8')))
      child.on('error', reject)
      child.on('close', () => resolve(output))
    })
  }
})

test.skipIf(!machine.ok).each([
  ['pcscd', 'PCSCD_MISSING', 'apt-get install pcscd'],
  ['cc gcc clang', 'COMPILER_MISSING', 'apt-get install gcc libc6-dev'],
  ['unshare', 'UNSHARE_MISSING', 'apt-get install util-linux'],
])('without %s, the reason and what to do are told', async (absent, code, fix) => {
  const find = (name: string) => (absent.split(' ').includes(name) ? null : findProgram(name))
  expect(await startPcscd({ readers: ['A'], find })).toMatchObject({ ok: false, code, fix, message: expect.stringMatching(/\w.*\.$/) })
})

test.skipIf(!machine.ok).each([
  ['pcscd', 'false', 'PCSCD_STOPPED'],
  ['unshare', 'false', 'NAMESPACE_REFUSED'],
  ['cc', 'false', 'COMPILER_FAILED'],
])('a %s that fails (%s) is a reason too, and nothing is left behind', async (name, instead, code) => {
  const find = (wanted: string) => findProgram(wanted === name ? instead : wanted)
  const own = mkdtempSync(join(tmpdir(), 'pcsc-mock-test-'))
  vi.stubEnv('TMPDIR', own)
  try {
    expect(await startPcscd({ readers: ['A'], find })).toMatchObject({ ok: false, code })
    expect(readdirSync(own)).toEqual([])
  } finally {
    vi.unstubAllEnvs()
    rmSync(own, { recursive: true })
  }
})

test('no reader is a reason before anything is looked for', async () => {
  expect(await startPcscd({ readers: [] })).toEqual({
    ok: false,
    code: 'NO_READER',
    message: expect.stringMatching(/pcscd/),
    fix: expect.any(String),
  })
})
