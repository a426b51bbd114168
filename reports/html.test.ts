import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HarnessError } from '#core/errors.ts'
import { writeAllureResults } from './allure.ts'
import { openBrowser } from './browser.test-data.ts'
import { exampleRegisters, writeExampleRun } from './example.test-data.ts'
import { renderAllure2, renderAllure3 } from './html.ts'
import { withoutTracking } from './offline.ts'

let folder: string
let browser: Browser
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'html-'))
  writeAllureResults(folder, writeExampleRun(folder), exampleRegisters())
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

const TRACKING = /googletagmanager|google-analytics|gtag\(|dataLayer/

/** What the page asks of the network once opened, its text, and whether hostile text ran. */
async function open(path: string): Promise<{ asked: string[]; text: string; ran: boolean }> {
  const page = await browser.newPage()
  const asked: string[] = []
  let ran = false
  page.on('request', (request) => request.url().startsWith('http') && asked.push(request.url()))
  page.on('dialog', (dialog) => {
    ran = true
    return dialog.dismiss()
  })
  await page.goto(`file://${path}`)
  await page.getByText('OpenID Connect Core 1.0').first().waitFor()
  const text = await page.locator('body').innerText()
  await page.close()
  return { asked, text, ran }
}

test('Allure 3: one French file without tracking, that opens offline', { timeout: 60_000 }, async () => {
  const path = await renderAllure3(folder)
  expect(path).toBe(join(folder, 'rapport.html'))
  const html = readFileSync(path, 'utf8')
  expect(html).not.toMatch(TRACKING)
  expect(html).toMatch(/<html[^>]* lang="fr"/)
  const { asked, text, ran } = await open(path)
  expect({ asked, ran }).toEqual({ asked: [], ran: false })
  expect(text).toContain('Non conforme')
  expect(text).toContain('À regarder')
})

test('Allure 2: the same', { timeout: 60_000 }, async ({ skip }) => {
  const path = await renderAllure2(folder).catch((error: HarnessError) => error)
  if (typeof path !== 'string') return path.message.startsWith('Java') ? skip('no Java') : expect.unreachable(path.message)
  expect(readFileSync(path, 'utf8')).not.toMatch(TRACKING)
  expect(await open(path)).toMatchObject({ asked: [], ran: false })
})

test('without Java, Allure 2 says so in French', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = folder
  await expect(renderAllure2(folder)).rejects.toThrow(expect.objectContaining({ code: 'TOOL_MISSING', message: expect.stringContaining('Java') }))
  process.env['PATH'] = path
})

test('what would be fetched goes away, what is inline stays', () => {
  const page = `<html dir="ltr" lang="en"><head><link rel="stylesheet" href="https://x.example/a.css"><link rel="icon" href="data:,"></head><body>
    <script>keep()</script><script async src="https://www.googletagmanager.com/gtag/js?id=G"></script>
    <script>window.dataLayer = window.dataLayer || []; function gtag(){}</script><script src="data:text/javascript,1"></script><img src="//x.example/p.gif"></body></html>`
  const clean = withoutTracking(page)
  expect(clean).not.toMatch(/x\.example|gtag|dataLayer/)
  expect(clean).toContain('<script>keep()</script>')
  expect(clean).toContain('data:text/javascript,1')
  expect(clean).toContain('rel="icon"')
})
