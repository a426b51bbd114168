import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '#core/errors.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { violations } from '#fixtures/validate.ts'
import { initialRecord } from './initial-record.ts'
import { createJournalFiles } from './journal-files.ts'
import { makeRunFolder, savedRecord, saveFailure, saveRecord } from './run-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passage-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const record = () =>
  initialRecord({
    id: 'essai',
    plan: { id: 'p', title: 'Plan', units: [] },
    selected: 1,
    targetFile: readTargetFile('targets/reference/dpi.target.json'),
    workers: 1,
  })
const entry = (flow: string) => ({ seq: 1, at: '2026-11-23T10:00:00.000Z', flow, kind: 'action', channel: 'bench', verb: 'v', title: 't' }) as never

test('two runs of one second get two folders', () => {
  const now = new Date('2026-11-23T10:15:00.000Z')
  expect(makeRunFolder(join(folder, 'out'), 'dpi', now)).toBe(join(folder, 'out/2026-11-23-101500-dpi'))
  expect(makeRunFolder(join(folder, 'out'), 'dpi', now)).toBe(join(folder, 'out/2026-11-23-101500-dpi-2'))
})

test('a folder that cannot be made is told in French', () => {
  writeFileSync(join(folder, 'out'), '')
  expect(() => makeRunFolder(join(folder, 'out'), 'dpi')).toThrow(expect.objectContaining({ code: 'DISK_UNWRITABLE' }))
})

test('the record before anything is started follows the schema, and so does its failure', () => {
  saveRecord(folder, record())
  expect(violations('run', savedRecord(folder))).toEqual([])
  saveFailure(folder, record(), new HarnessError('PORT_TAKEN', 'Pris.', { fix: 'Un autre.', place: { file: 'a', path: 'b' } }))
  expect(violations('run', savedRecord(folder))).toEqual([])
  expect(savedRecord(folder)).toMatchObject({ status: 'failed', failure: { code: 'PORT_TAKEN', message: 'Pris.', fix: 'Un autre.', place: 'a → b' } })
})

test('a full disk leaves the record that was there', () => {
  saveRecord(folder, record())
  symlinkSync('/dev/full', join(folder, 'run.json.draft'))
  expect(() => saveFailure(folder, record(), new Error('x'))).toThrow(/le disque est plein/)
  expect(savedRecord(folder).status).toBe('running')
})

test('a journal that cannot be written is told once; the others are', () => {
  const files = createJournalFiles(folder)
  symlinkSync('/dev/full', join(folder, 'journaux/a.jsonl'))
  files.assign('1', 'a')
  files.assign('2', 'b')
  for (const flow of ['1', '2']) files.keep(entry(flow))
  expect(files.trouble()).toBeUndefined()
  files.flush()
  expect(files.trouble()).toMatchObject({
    code: 'DISK_UNWRITABLE',
    message: expect.stringContaining('plein'),
    place: { file: join(folder, 'journaux/a.jsonl') },
  })
  expect(readFileSync(join(folder, 'journaux/b.jsonl'), 'utf8')).toContain('"flow":"2"')
})

test('no folder for the journals', () => {
  writeFileSync(join(folder, 'journaux'), '')
  expect(() => createJournalFiles(folder)).toThrow(expect.objectContaining({ code: 'DISK_UNWRITABLE' }))
  expect(existsSync(join(folder, 'run.json'))).toBe(false)
})
