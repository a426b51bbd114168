import { expect, test } from 'vitest'
import { bytes } from './card.test-data.ts'
import { createRecorder } from './index.ts'

/** What is kept of one exchange. */
function kept(command: string, response: string) {
  const recorder = createRecorder({ now: () => Date.parse('2026-11-25T10:00:00.000Z') })
  recorder.begin('Poste', bytes(command)).answered(bytes(response))
  const [entry] = recorder.entries
  if (!entry) throw new Error('nothing was kept')
  return entry
}

test('an exchange is told in words, with its status', () => {
  expect(kept('00 A4 04 00 07 D2760000850100 00', '9000')).toMatchObject({
    at: '2026-11-25T10:00:00.000Z',
    reader: 'Poste',
    command: '00A4040007D276000085010000',
    sw: '9000',
    said: expect.stringContaining('SELECT AID D2760000850100 (DESFire)'),
  })
  expect(kept('90 5A 00 00 03 010203 00', '9100').said).toBe('DESFire SelectApplication 030201 → 9100 accepté')
  expect(kept('AA 00', 'AF 0102').said).toContain('AuthenticateAES → AF suite attendue')
  expect(kept('00 2A 9E 9A 00', '6982').said).toContain('COMPUTE DIGITAL SIGNATURE')
})

test('secret codes are kept nowhere, wherever they travel and whatever their lengths say', () => {
  const verify = kept('00 20 00 01 04 31323334', '63C2')
  expect(verify).toMatchObject({ command: '0020000104********', sw: '63C2' })
  expect(verify.said).toMatch(/VERIFY code 01 \(4 octets masqués\).*2/)
  for (const command of [
    '00 20 00 01 08 31323334', // announces more than it has
    '00 20 00 01 31323334', // no length at all
    '00 24 00 01 08 31323334 31323334',
    '00 2C 00 01 04 31323334',
    '10 20 00 01 04 31323334', // chained
    '00 20 00 01 000004 31323334', // extended length
    'FF 82 00 00 06 313233343132', // a key, to the reader
    '00 C2 00 00 09 00200001 04 31323334', // inside ENVELOPE
    '00 C2 00 00 000009 00200001 04 31323334', // the same, extended
    '00 C2 00 00 04 31323334', // the second part of one that was cut
    'FF 00 00 00 09 D4400100200001 04 31323334', // through the reader
    'FF C2 00 01 0B 9509 00200001 04 31323334',
    'FF 20 00 01 04 31323334',
    '00 DB 3F FF 08 7006BF8101 31323334', // a code that is written
  ]) {
    const entry = kept(command, '31323334 9000')
    expect(JSON.stringify(entry), command).not.toMatch(/3132/)
  }
})

test('whatever bytes come by, something is kept and nothing thrown', () => {
  // xorshift: the same bytes in each run.
  let state = 0x9e3779b9
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const recorder = createRecorder()
  for (let round = 0; round < 3000; round++) {
    const noise = () => Uint8Array.from({ length: next() % 40 }, () => next() & 0xff)
    const note = recorder.begin('Poste', noise())
    if (round % 7 === 0) note.failed('NO_ANSWER')
    else note.answered(noise())
  }
  expect(recorder.entries).toHaveLength(3000)
  expect(recorder.entries.every(({ said }) => said.length > 3)).toBe(true)
})
