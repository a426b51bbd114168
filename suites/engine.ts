import type { Browser } from 'playwright'
import { HarnessError, nearest } from '#core/errors.ts'
import type { Journal } from '#core/journal.ts'
import { of } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import { RENDERED_FACTS, RENDERED_STEPS, RENDERED_VERBS } from '#core/rendering.ts'
import { type FoundBrowser, findBrowser, launch } from './browser.ts'
import { createHttpBrowser } from './http-engine/browser.ts'

/** What plays the scenes: a real Chromium, or plain HTTP without rendering. */
export const ENGINES = ['browser', 'http'] as const
export type EngineName = (typeof ENGINES)[number]

/** Environment by which the runner is told the engine. */
export const ENGINE = 'HOSPICERT_ENGINE'

/** @throws HarnessError `UNKNOWN_OPTION` */
export function engineOf(text: string | undefined, otherwise: EngineName = 'browser'): EngineName {
  if (text === undefined || text === '') return otherwise
  const found = ENGINES.find((name) => name === text)
  if (found) return found
  const near = nearest(text, ENGINES)[0] ?? 'browser'
  throw new HarnessError('UNKNOWN_OPTION', `--engine attend ${ENGINES.join(' ou ')}, et non « ${text} ».`, {
    fix: `Vouliez-vous dire « ${near} » ?`,
    place: { path: '--engine' },
  })
}

/** The engine of one process. */
export interface Engine {
  readonly browser: Browser
  /** With the HTTP engine: a real browser for what needs rendering, started at the first demand. */
  readonly rendered?: () => Promise<Browser>
  close(): Promise<void>
}

/**
 * @param found the browser, when one was looked for already
 * @param folder where a packaged browser is unpacked
 * @throws HarnessError `NO_BROWSER`, `BROWSER_FAILED`
 */
export async function openEngine(
  name: EngineName,
  { hosts, folder, found }: { readonly hosts: Readonly<Record<string, string>>; readonly folder: string; readonly found?: FoundBrowser | undefined },
): Promise<Engine> {
  const start = async () => launch(found ?? (await findBrowser(folder)), hosts)
  if (name === 'browser') {
    const browser = await start()
    return { browser, close: () => browser.close() }
  }
  const browser = createHttpBrowser(hosts)
  let real: Promise<Browser> | undefined
  return {
    browser,
    rendered() {
      real ??= start()
      return real
    },
    async close() {
      await browser.close()
      await (await real?.catch(() => undefined))?.close()
    },
  }
}

/** Why only a real browser can play a module (French); undefined when HTTP is enough. */
export function renderingNeededBy({ rendering, when, then }: Module): string | undefined {
  const facts = then.expect === 'observed' ? then.facts : then.expect === 'attested' ? [] : (then.also ?? [])
  const steps = when.do === 'scenario' ? when.steps.map(({ step }) => step as string) : []
  const reasons = [rendering, RENDERED_VERBS[when.do], ...facts.map((fact) => RENDERED_FACTS[fact]), ...steps.map((step) => RENDERED_STEPS[step])]
  return reasons.find((why) => why !== undefined)
}

/** What an engine without rendering noted when a page or a gesture was beyond it. */
export function beyondEngine(journal: Journal): string | undefined {
  return of(journal, 'trouble').find(({ code }) => code === 'NEEDS_RENDERING')?.sentence
}
