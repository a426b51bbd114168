import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { handClock } from '#core/clock.ts'
import { exampleRecord } from './example.test-data.ts'
import { exampleUnit } from './example-units.test-data.ts'
import { applyAcceptedRisks, createRecorder, openRecorder, readRecord } from './record.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const running = () => exampleRecord([], { status: 'running' })
const pass = exampleUnit({ id: 'rp/login/a', verdict: 'pass', title: 'A', reason: 'Bien.' })
const fail = exampleUnit({ id: 'rp/login/b', verdict: 'fail', title: 'B', reason: 'Mal.' })

test('each change is on disk at once, verdict and exit code follow from the units', () => {
  const recorder = createRecorder(folder, running())
  recorder.add(pass)
  expect(readRecord(folder).units).toHaveLength(1)
  recorder.add(fail)
  recorder.finish('complete')
  expect(readRecord(folder)).toMatchObject({ status: 'complete', verdict: 'fail', exitCode: 1 })
  expect(readdirSync(folder)).toEqual(['run.json'])
})

test('a run that did not end never counts as conform', () => {
  const recorder = createRecorder(folder, running())
  recorder.add(pass)
  expect(recorder.current()).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
  recorder.finish('interrupted')
  expect(recorder.current()).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
  recorder.finish('complete')
  expect(recorder.current()).toMatchObject({ verdict: 'pass', exitCode: 0 })
})

test('a failed run is code 3 whatever its units say, and says when it ended', () => {
  const recorder = createRecorder(folder, running(), handClock(Date.parse('2026-11-23T10:00:00.000Z')))
  recorder.add(pass)
  recorder.set({ failure: { code: 'CALIBRATION_FAILED', message: 'Calibrage impossible.', fix: '', place: '' } })
  recorder.finish('failed')
  expect(recorder.current()).toMatchObject({ verdict: 'error', exitCode: 3, endedAt: '2026-11-23T10:00:00.000Z' })
})

test('the same unit replaces itself, and two recorders over one folder do not lose units', () => {
  const [one, other] = [createRecorder(folder, running()), openRecorder(folder)]
  one.add(pass)
  other.add(fail)
  one.add({ ...pass, verdict: 'warning' })
  expect(one.current().units.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['rp/login/a', 'warning'],
    ['rp/login/b', 'fail'],
  ])
})

test('a full disk is told in French and leaves what was there', () => {
  const recorder = createRecorder(folder, running())
  recorder.add(pass)
  const before = readFileSync(join(folder, 'run.json'), 'utf8')
  const full = expect.objectContaining({ code: 'DISK_UNWRITABLE', message: expect.stringContaining('disque est plein') })
  symlinkSync('/dev/full', join(folder, 'run.json.tmp'))
  expect(() => recorder.finish('complete')).toThrow(full)
  symlinkSync('/dev/full', join(folder, 'epreuves.jsonl'))
  expect(() => recorder.add(fail)).toThrow(full)
  expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe(before)
})

test('a unit is on disk before the whole is written again, and a line that was cut costs no other', () => {
  const recorder = createRecorder(folder, running())
  writeFileSync(join(folder, 'epreuves.jsonl'), `\n${JSON.stringify(pass)}\n{"id":"rp/login/c`)
  expect(readRecord(folder)).toMatchObject({ units: [{ id: pass.id }], verdict: 'inconclusive', exitCode: 2 })
  recorder.add(fail)
  expect(readRecord(folder).units.map(({ id }) => id)).toEqual([pass.id, fail.id])
})

test('a folder that cannot be made is told in French', () => {
  writeFileSync(join(folder, 'fichier'), '')
  expect(() => createRecorder(join(folder, 'fichier', 'x'), running())).toThrow(expect.objectContaining({ code: 'DISK_UNWRITABLE' }))
})

test('no run, a cut run and a run of another format are refused', () => {
  expect(() => openRecorder(folder)).toThrow(/run.json est absent/)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), '{"schemaVersion": 1,')
  expect(() => readRecord(folder)).toThrow(/pas lisible/)
  writeFileSync(join(folder, 'run.json'), '{"schemaVersion": 2}')
  expect(() => readRecord(folder)).toThrow(expect.objectContaining({ code: 'RUN_UNREADABLE', message: expect.stringContaining('« 2 »') }))
})

test('an accepted risk holds until its last day in Paris, that day included', () => {
  const risk = { owner: 'RSSI', justification: 'Planifié.', until: '2026-12-31' }
  const on = (startedAt: string) => applyAcceptedRisks([{ ...fail, startedAt }], { [fail.id]: risk })[0]
  expect(on('2026-12-31T22:30:00.000Z')).toMatchObject({ verdict: 'accepted-risk', acceptedRisk: risk })
  expect(on('2026-12-31T23:30:00.000Z')).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('a pris fin le 31 décembre 2026') })
  expect(applyAcceptedRisks([{ ...pass, acceptedRisk: risk }])[0]?.verdict).toBe('pass')
})

test('the recorder applies the accepted risk that a unit carries', () => {
  const recorder = createRecorder(folder, running())
  recorder.add({ ...fail, acceptedRisk: { owner: 'RSSI', justification: 'Planifié.', until: '2999-01-01' } })
  recorder.finish('complete')
  expect(recorder.current()).toMatchObject({ verdict: 'accepted-risk', exitCode: 0 })
})

test('a record that leaves its schema is refused, and the sentence says where', () => {
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...exampleRecord(), exitCode: 7 }))
  expect(() => readRecord(folder)).toThrow(
    expect.objectContaining({ code: 'RUN_UNREADABLE', message: expect.stringMatching(/\/exitCode, une valeur parmi \[0,1,2,3] est attendue/) }),
  )
})
