import { type Clock, systemClock } from '#core/clock.ts'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import { VERDICT_LABELS } from '#core/verdict.ts'
import { paint, type Terminal } from './terminal.ts'
import { cut, oneLine } from './text.ts'
import { browserWord, durationWord, environmentWord, lanesWord, signedInWord, VERDICT_SYMBOLS } from './words.ts'

/** What a person sees while a run goes on. */
export interface Progress {
  /** The banner: what is judged, against what, with what. */
  start(record: RunRecord): void
  judged(unit: UnitRecord): void
  /** A sentence that concerns the whole run. */
  say(sentence: string): void
  /** Takes the live line away. */
  stop(): void
}

const BAR = 24
const LABEL_WIDTH = Math.max(...Object.values(VERDICT_LABELS).map((label) => label.length))

/**
 * In a terminal: one live line with a bar, and a lasting line for what is not conform. Elsewhere (CI): one line a unit.
 * @example const progress = createProgress(terminal()); progress.start(record); progress.judged(unit)
 */
export function createProgress(out: Terminal, clock: Clock = systemClock): Progress {
  const units = new Map<string, UnitRecord>()
  let total = 0
  let workers = 1
  let started = clock.now()
  const lasting = (text: string) => out.write(`${out.live ? '\r\u001b[2K' : ''}${text}\n`)
  return {
    start(record) {
      total = record.plan.selected
      workers = Math.max(1, record.environment.workers)
      started = clock.now()
      for (const unit of record.units) units.set(unit.id, unit)
      for (const line of banner(record)) lasting(line === '' ? '' : cut(line, out.columns))
      lasting('')
    },
    judged(unit) {
      units.set(unit.id, unit)
      const done = units.size
      const count = `${String(done).padStart(String(total).length)}/${Math.max(total, done)}`
      const left = timeLeft([...units.values()], Math.max(0, total - done), workers)
      const words = `${VERDICT_SYMBOLS[unit.verdict]} ${VERDICT_LABELS[unit.verdict]}`
      const rest = `${oneLine(unit.id)}  ${oneLine(unit.title)}`
      if (!out.live || !(unit.verdict === 'pass' || unit.verdict === 'inapplicable')) {
        const end = out.live || left === '' ? '' : `  (${left})`
        const head = `[${count}] ${words.padEnd(LABEL_WIDTH + 2)}  `
        lasting(paint(out, unit.verdict, cut(head + cut(rest, out.columns - head.length - end.length), out.columns - end.length)) + end)
      }
      if (out.live) {
        const filled = Math.round((BAR * done) / Math.max(total, done))
        const head = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${count}  ${left || durationWord(clock.now() - started)}  ${VERDICT_SYMBOLS[unit.verdict]} `
        out.write(`\r\u001b[2K${cut(head + rest, out.columns - 1)}`)
      }
    },
    say: (sentence) => {
      for (const line of sentence.split('\n')) lasting(oneLine(line))
    },
    stop: () => {
      if (out.live) out.write('\r\u001b[2K')
    },
  }
}

/** Mean duration of what was judged, times what remains, shared among the workers. */
export function timeLeft(done: readonly UnitRecord[], remaining: number, workers: number): string {
  if (done.length === 0 || remaining === 0) return ''
  const mean = done.reduce((sum, { duration }) => sum + duration, 0) / done.length
  return `reste environ ${durationWord(Math.max(1000, (mean * remaining) / workers))}`
}

/** The lines before the first unit. */
export function banner(record: RunRecord): readonly string[] {
  const { harness, plan, target, environment, simulator, calibration } = record
  const { name, version, vendor } = target.product
  return [
    `HospiCert ${harness.version} — ${oneLine(plan.title)}`,
    `  Produit       ${oneLine(name)} ${oneLine(version)}${vendor ? ` (${oneLine(vendor)})` : ''}`,
    `  Adresse       ${oneLine(target.baseUrl)} — environnement : ${environmentWord(target.environment)}`,
    `  Simulateur    ${oneLine(simulator.issuer)} — profil ${oneLine(simulator.profile)}`,
    `  Navigateur    ${oneLine(browserWord(environment))} — ${lanesWord(environment)} en parallèle`,
    `  Épreuves      ${plan.selected} sur ${plan.total}`,
    calibration === undefined
      ? '  Calibrage     non fait'
      : `  Calibrage     connecté : ${signedInWord(calibration.honest.seen)} ; sans connexion : ${signedInWord(calibration.nobody.seen)} (${durationWord(calibration.duration)})`,
  ]
}
