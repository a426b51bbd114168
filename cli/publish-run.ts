import { join } from 'node:path'
import { registers } from '#fixtures/load.ts'
import { publish } from '#reports/publish.ts'
import { findBrowser, launch } from '#suites/browser.ts'

/** Makes the reports of a run folder, with whatever browser is at hand. */
export async function publishRun(folder: string, allure: 2 | 3) {
  const browser = await launch(await findBrowser(join(folder, '..')), {})
  try {
    return await publish(folder, { browser, registers: registers(), allure })
  } finally {
    await browser.close()
  }
}
