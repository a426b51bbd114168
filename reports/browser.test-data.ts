import { type Browser, chromium } from 'playwright'

/** Opens the browser that the test run found (`tools/test-browser.ts`), for tests that look at pages. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch(JSON.parse(process.env['HOSPICERT_TEST_BROWSER'] ?? '{}'))
}
