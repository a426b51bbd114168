import { join } from 'node:path'
import { findBrowser, launchOptions } from '#suites/browser.ts'

/** Finds a browser once, for the tests of rooms that may not look for one themselves (vitest's globalSetup); see `reports/browser.test-data.ts`. */
export default async function setup(): Promise<void> {
  process.env['HOSPICERT_TEST_BROWSER'] = JSON.stringify(launchOptions(await findBrowser(join(import.meta.dirname, '../out')), {}))
}
