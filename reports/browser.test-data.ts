import { type Browser, chromium } from 'playwright'

/** A browser for tests that look at pages, or undefined where none is installed: those tests are then skipped. */
export async function browserIfAny(): Promise<Browser | undefined> {
  for (const executablePath of [process.env['HOSPICERT_BROWSER'], '/usr/bin/chromium', undefined]) {
    try {
      return await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] })
    } catch {}
  }
  return undefined
}
