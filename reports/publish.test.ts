import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser } from './browser.test-data.ts'
import { dossierHtml } from './dossier/html.ts'
import { dossier } from './dossier/model.ts'
import { exampleRecord, exampleRegisters, writeExampleRun } from './example.test-data.ts'
import { exampleUnits } from './example-units.test-data.ts'
import { checkManifest } from './manifest.ts'
import { publish } from './publish.ts'
import { unzip } from './zip.test-data.ts'

const registers = exampleRegisters()
let browser: Browser
let folder: string
beforeAll(async () => {
  browser = await openBrowser()
}, 60_000)
afterAll(() => browser.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('report, PDF, DOCX and a manifest that closes the folder', { timeout: 60_000 }, async () => {
  writeExampleRun(folder)
  const { report, pdf, docx, problems, files } = await publish(folder, { browser, registers })
  expect(problems).toEqual([])
  expect(files.map(([, path]) => path)).toEqual([report, pdf, docx, join(folder, 'manifest.sha256')])
  const printed = readFileSync(String(pdf)).toString('latin1')
  expect(printed.startsWith('%PDF-')).toBe(true)
  expect(printed).toMatch(/\/MarkInfo[\s\S]*\/Marked true/)
  expect(printed).toContain('/Lang (fr)')
  expect(printed).toContain('/Outlines')
  expect(await checkManifest(folder)).toEqual([])
  writeFileSync(join(folder, 'journaux', 'rp-login-nominal.jsonl'), '{}')
  expect(await checkManifest(folder)).toEqual(['Le fichier « journaux/rp-login-nominal.jsonl » a changé.'])
})

test('without a browser the rest is there, and a sentence says what is missing', { timeout: 60_000 }, async () => {
  writeExampleRun(folder)
  const { pdf, docx, report, problems } = await publish(folder, { registers })
  expect(pdf).toBeUndefined()
  expect([docx, report].every(Boolean)).toBe(true)
  expect(problems).toEqual([expect.stringMatching(/^Dossier \(PDF\) n'a pas été produit : aucun navigateur/)])
})

test('a run that was killed has its reports too', { timeout: 60_000 }, async () => {
  writeExampleRun(folder, exampleRecord(exampleUnits().slice(0, 3), { status: 'running' }))
  rmSync(join(folder, 'journaux'), { recursive: true })
  writeFileSync(join(folder, 'run.json.tmp'), '{"cut')
  const { docx, record } = await publish(folder, { registers })
  expect(record).toMatchObject({ verdict: 'fail', exitCode: 1 })
  expect(
    unzip(readFileSync(String(docx)))
      .get('word/document.xml')
      ?.toString(),
  ).toContain('ce dossier est partiel')
})

test('a folder without a run is refused', async () => {
  await expect(publish(folder, { registers })).rejects.toThrow(expect.objectContaining({ code: 'RUN_UNREADABLE' }))
})

test('DOCX: French, styles, header rows, contents, pictures; nothing of the target is markup or a control code', { timeout: 60_000 }, async () => {
  writeExampleRun(folder)
  const { docx } = await publish(folder, { registers })
  const members = unzip(readFileSync(String(docx)))
  const xml = members.get('word/document.xml')?.toString() ?? ''
  expect(members.get('word/styles.xml')?.toString()).toContain('w:val="fr-FR"')
  expect(xml).toContain('w:tblHeader')
  expect(xml).toContain('TOC \\h')
  expect(xml).toContain('w:pStyle w:val="Heading3"')
  expect([...members.keys()].some((name) => name.startsWith('word/media/'))).toBe(true)
  expect(xml).toContain('&lt;script&gt;')
  expect(xml.replace(/[\t\n\r]/g, '')).not.toMatch(/\p{Cc}|\p{Cs}|<script/u)
})

test('the page of the dossier loads nothing, runs nothing and escapes everything', () => {
  const html = dossierHtml(dossier(exampleRecord(), registers, new Map()), () => undefined)
  expect(html).toContain('<html lang="fr">')
  expect(html).not.toMatch(/<script|<link|<iframe|src="http|url\(|@import|<b>Œ/)
  expect(html.match(/<table/g)?.length).toBe(html.match(/<caption/g)?.length)
})
