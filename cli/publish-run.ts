import { join } from 'node:path'
import type { Browser } from 'playwright'
import { registers } from '#fixtures/load.ts'
import { publish } from '#reports/publish.ts'
import { readRecord } from '#reports/record.ts'
import { printSummary } from '#reports/summary.ts'
import { summaryJson } from '#reports/summary-json.ts'
import { terminal } from '#reports/terminal.ts'
import { findBrowser, launch } from '#suites/browser.ts'

/** Makes the reports of a run folder with whatever browser is at hand, or none, tells the end, and returns the run's exit code. */
export async function publishRun(folder: string, { allure, json }: { readonly allure: 2 | 3; readonly json: boolean }): Promise<number> {
  const browser = await browserFor(folder)
  try {
    const published = await publish(folder, { ...(browser ? { browser } : {}), registers: registers(), allure })
    const record = readRecord(folder)
    if (json) console.log(JSON.stringify(summaryJson(folder, record, registers(), published), null, 2))
    else printSummary(terminal(), folder, record, registers(), published)
    return record.exitCode
  } finally {
    await browser?.close()
  }
}

/**
 * Only the PDF needs one: its absence is told among the reports that could not be made. After an interruption it must live through the
 * echo of it.
 */
async function browserFor(folder: string): Promise<Browser | undefined> {
  try {
    return await launch(await findBrowser(join(folder, '..')), {}, { handleSIGTERM: false })
  } catch {
    return undefined
  }
}
