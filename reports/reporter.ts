import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestError, TestResult } from 'playwright/types/testReporter'
import { explain } from '#core/errors.ts'
import type { UnitRecord } from '#core/record.ts'
import { registers } from '#fixtures/load.ts'
import { createProgress } from './console.ts'
import { explainFailure } from './failure.ts'
import { mishap } from './mishap.ts'
import { hasRecord, openRecorder, type Recorder } from './record.ts'
import { printSummary } from './summary.ts'
import { type Terminal, terminal } from './terminal.ts'
import { plain } from './text.ts'

/** Name of the attachment by which a unit's record travels from a worker; its body is a UnitRecord. */
const ATTACHMENT = 'unit-record'

/**
 * Collects the records of the units into the run folder that HOSPICERT_RUN_DIR names (the global setup opens it, in this process),
 * and shows the progress. A test that brings no record becomes an `error`, so that no unit vanishes. The summary is left to the
 * command line when that one is at work (HOSPICERT_BY_CLI).
 */
export default class HospiCertReporter implements Reporter {
  readonly #out: Terminal
  readonly #progress: ReturnType<typeof createProgress>
  readonly #ended = new Set<string>()
  /** Tests that were not played; whether that is an error is known at the end. */
  readonly #unplayed: [TestCase, TestResult | undefined][] = []
  readonly #errors: string[] = []
  #tests: readonly TestCase[] = []
  #recorder: Recorder | undefined
  #trouble = false

  constructor(options: { out?: Terminal } = {}) {
    this.#out = options.out ?? terminal()
    this.#progress = createProgress(this.#out)
  }

  /** With `--list`, Playwright's own list is what is wanted. */
  printsToStdio(): boolean {
    return !process.argv.includes('--list')
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests()
    this.#open()
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#ended.add(test.id)
    const found = unitOf(test, result)
    if (found) this.#add(found)
    else this.#unplayed.push([test, result])
  }

  onError(error: TestError): void {
    this.#errors.push(plain(error.message ?? error.value ?? 'erreur sans message').replace(/^HarnessError: /, ''))
  }

  onEnd(result: FullResult): void {
    this.#progress.stop()
    const interrupted = result.status === 'interrupted' || result.status === 'timedout'
    if (!interrupted && this.#errors.length === 0) {
      for (const test of this.#tests) if (!this.#ended.has(test.id)) this.#unplayed.push([test, undefined])
      for (const [test, unplayed] of this.#unplayed) this.#add(mishap(test, unplayed))
      this.#progress.stop()
    }
    const recorder = this.#open()
    if (this.printsToStdio() && recorder?.current().failure === undefined) for (const error of this.#errors) this.#progress.say(error)
    if (recorder) this.#guard(() => this.#close(recorder, interrupted))
  }

  #close(recorder: Recorder, interrupted: boolean): void {
    const { failure, units, plan } = recorder.current()
    if (failure) {
      if (!process.env['HOSPICERT_BY_CLI']) this.#progress.say(explainFailure(recorder.current(), recorder.folder))
      return
    }
    const missing = units.length < plan.selected
    const [message] = this.#errors
    if (message !== undefined && missing) {
      recorder.set({ failure: { code: 'INTERNAL', message, fix: 'Relancez ; si cela se reproduit, signalez-le au projet HospiCert.', place: '' } })
      recorder.finish('failed')
    } else recorder.finish(interrupted ? 'interrupted' : 'complete')
    if (!process.env['HOSPICERT_BY_CLI']) {
      printSummary(this.#out, recorder.folder, recorder.current(), registers(), { files: [], problems: [] })
      this.#progress.say(`Pour en faire les rapports : npx hospicert report ${relative('.', recorder.folder)}`)
    }
  }

  #open(): Recorder | undefined {
    const folder = process.env['HOSPICERT_RUN_DIR']
    if (this.#recorder || !folder || !hasRecord(folder)) return this.#recorder
    this.#guard(() => {
      this.#recorder = openRecorder(folder)
      // `--grep` and `--project` choose among what the plan had selected.
      const { plan, failure } = this.#recorder.current()
      if (this.#tests.length > 0 && this.#tests.length < plan.selected) this.#recorder.set({ plan: { ...plan, selected: this.#tests.length } })
      if (failure === undefined) this.#progress.start(this.#recorder.current())
    })
    return this.#recorder
  }

  #add(unit: UnitRecord): void {
    const recorder = this.#open()
    if (!recorder) return
    this.#guard(() => this.#progress.judged(recorder.add(unit)))
  }

  /** What goes wrong with the record is said once; the run goes on with what can still be written. */
  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!this.#trouble) this.#progress.say(explain(error))
      this.#trouble = true
    }
  }
}

/** The record that a test brought, or the mishap that it came to; undefined for a test that was not played, or not to its end. */
function unitOf(test: TestCase, result: TestResult): UnitRecord | undefined {
  // Its browser was taken away: whatever was judged then says nothing about the target.
  if (result.status === 'interrupted') return undefined
  const attachment = result.attachments.find(({ name }) => name === ATTACHMENT)
  if (attachment) {
    try {
      return JSON.parse(String(attachment.body ?? readFileSync(attachment.path ?? '', 'utf8'))) as UnitRecord
    } catch {
      return mishap(test, result)
    }
  }
  return result.status === 'skipped' ? undefined : mishap(test, result)
}
