import type { TestCase, TestResult } from 'playwright/types/testReporter'
import type { UnitRecord } from '#core/record.ts'
import { cut, oneLine } from './text.ts'
import { durationWord } from './words.ts'

/**
 * The record of a unit that left none: it crashed, ran out of time, or never began. Ours alone: `error`, with what
 * Playwright said in French words and as it was.
 */
export function mishap(test: TestCase, result: TestResult | undefined): UnitRecord {
  const [id = test.title, ...title] = test.title.split(' — ')
  const error = result?.error?.message ?? result?.error?.value ?? ''
  return {
    id,
    kind: test.parent.project()?.name === 'rules' ? 'rule' : id.includes('#') ? 'row' : 'module',
    title: title.join(' — ') || id,
    requirements: test.annotations.flatMap(({ type, description }) =>
      type === 'exigence' && description ? [description] : [],
    ) as unknown as UnitRecord['requirements'],
    anchors: [],
    catches: [],
    exclusive: null,
    verdict: 'error',
    reason: sentence(result, error),
    findings: error ? [{ verdict: 'error', expected: "L'épreuve se déroule jusqu'au bout.", observed: cut(oneLine(error), 2000) }] : [],
    expected: '',
    mend: '',
    faults: [],
    startedAt: (result?.startTime ?? new Date(0)).toISOString(),
    duration: Math.max(0, Math.round(result?.duration ?? 0)),
    worker: Math.max(0, result?.parallelIndex ?? 0),
    evidence: { entries: 0, screenshots: [] },
  }
}

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/worker process exited|worker teardown|process exited unexpectedly/i, "Le processus qui menait l'épreuve s'est arrêté."],
  [
    /browser has been closed|browser closed|Target (page, context or browser|closed)|crashed/i,
    "Le navigateur s'est fermé avant la fin de l'épreuve.",
  ],
  [/Executable doesn't exist|Failed to launch|browserType\.launch/i, "Le navigateur n'a pas démarré."],
  [/ECONNREFUSED|ERR_CONNECTION_REFUSED|ECONNRESET|ERR_CONNECTION_RESET/i, "Le simulateur ou le produit n'a pas répondu."],
  [/ENOSPC/, 'Le disque est plein.'],
]

function sentence(result: TestResult | undefined, error: string): string {
  if (result === undefined || result.status === 'skipped') return "L'épreuve n'a pas été jouée."
  if (result.status === 'timedOut') return `L'épreuve a dépassé le temps qui lui est donné (arrêtée après ${durationWord(result.duration)}).`
  if (result.status === 'interrupted') return "L'épreuve a été interrompue."
  return KNOWN.find(([pattern]) => pattern.test(error))?.[1] ?? "L'épreuve s'est arrêtée sur une erreur du banc d'essai."
}
