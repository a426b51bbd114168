import { defineConfig } from 'playwright/test'

/**
 * The plan as a Playwright project. `npx playwright test`, `--ui`, `--grep` and traces work as anywhere; `hospicert certify` runs the same.
 * The modules come first, the passive rules judge all their journals afterwards.
 */
export default defineConfig({
  testDir: './suites',
  outputDir: './out/playwright',
  fullyParallel: true,
  workers: Number(process.env['HOSPICERT_WORKERS'] ?? 2),
  // A verdict that needs a second try is no verdict.
  retries: 0,
  timeout: 300_000,
  globalSetup: './suites/global-setup.ts',
  reporter: [['./reports/reporter.ts']],
  use: { trace: (process.env['HOSPICERT_TRACE'] as 'on' | 'off' | undefined) ?? 'off' },
  projects: [
    { name: 'relying-party', testMatch: 'relying-party.spec.ts', teardown: 'rules' },
    { name: 'rules', testMatch: 'rules.spec.ts' },
  ],
})
