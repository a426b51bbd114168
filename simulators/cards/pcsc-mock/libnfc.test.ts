import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { createPn532, createRecorder, findProgram, openPty, type RecordEntry } from './index.ts'

const tools = ['nfc-list', 'mifare-desfire-info', 'socat'].map((name) => [name, findProgram(name)] as const)
const missing = tools.filter(([, path]) => !path).map(([name]) => name)
if (missing.length > 0) {
  console.warn(`libnfc.test.ts is skipped: ${missing.join(', ')} not installed; apt-get install libnfc-bin libfreefare-bin socat`)
}

/** GetVersion of a DESFire EV1 8K, in its three frames; the rest is refused as unknown. */
const VERSION: Readonly<Record<string, string>> = {
  '9060000000': '04010101001805 91AF',
  '90af000000': '04010101041805 91AF',
  '90af000000 2': '04782E21801D80 BA54A8A390 3015 9100',
}

/** What a program prints with our chip on its line, and the record of it. */
async function listed(program: string, args: readonly string[] = []): Promise<{ output: string; entries: readonly RecordEntry[] }> {
  const pty = await openPty()
  if (!pty.ok) throw new Error(`${pty.code}: ${pty.message}`)
  const recorder = createRecorder()
  const chip = createPn532({ name: 'PN532', recorder })
  chip.attach(pty.line)
  let frames = 0
  chip.insert(
    exampleCard((command) => {
      const asked = Buffer.from(command).toString('hex')
      frames = asked === '90af000000' ? frames + 1 : 0
      return bytes(VERSION[frames === 2 ? `${asked} 2` : asked] ?? '911C')
    }),
  )
  try {
    const output = await new Promise<string>((resolve, reject) => {
      const child = spawn(program, args, { env: { ...process.env, LIBNFC_DEFAULT_DEVICE: `pn532_uart:${pty.path}:115200` }, timeout: 20_000 })
      let text = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString('utf8')))
      child.once('error', reject)
      child.once('close', () => resolve(text))
    })
    return { output, entries: recorder.entries }
  } finally {
    await pty.close()
  }
}

test.skipIf(missing.length > 0)('libnfc finds the card through a serial line: number, ATQA, SAK and ATS', async () => {
  const { output } = await listed('nfc-list', ['-v'])
  expect(output).toContain('NFC device: user defined default device opened')
  expect(output).toMatch(/SENS_RES\): 03 {2}44/)
  expect(output).toMatch(/UID \(NFCID1\): 04 {2}01 {2}02 {2}03 {2}04 {2}05 {2}06/)
  expect(output).toMatch(/SEL_RES\): 20/)
  expect(output).toMatch(/ATS: 75 {2}77 {2}81 {2}02 {2}80/)
})

test.skipIf(missing.length > 0)('libfreefare takes it for a DESFire and reads its version', async () => {
  const { output, entries } = await listed('mifare-desfire-info')
  expect(output).toContain('===> Version information for tag')
  expect(output).toMatch(/Version:\s+1\.4/)
  expect(entries.map(({ said }) => said)).toContain('DESFire GetVersion → 91AF suite attendue')
})
