/**
 * What the harness may raise. A finding about the target is never an exception: it is a value (see finding.ts).
 * `code` is literal, `message` is the French sentence shown to the person, `fix` says what to do next.
 */
export type ErrorCode =
  | 'TARGET_FILE_MISSING'
  | 'TARGET_FILE_MALFORMED'
  | 'TARGET_FILE_INVALID'
  | 'TARGET_IN_PRODUCTION'
  | 'DRIVER_MISSING'
  | 'DRIVER_STEP_FAILED'
  | 'PERSONA_UNKNOWN'
  | 'SECRET_MISSING'
  | 'PRODUCT_UNREACHABLE'
  | 'PRODUCT_STOPPED'
  | 'PRODUCT_NOT_READY'
  | 'CALIBRATION_FAILED'
  | 'CLIENT_REFUSED'
  | 'PORT_TAKEN'
  | 'NO_BROWSER'
  | 'BROWSER_FAILED'
  | 'NEEDS_RENDERING'
  | 'UNKNOWN_OPTION'
  | 'UNKNOWN_MODULE'
  | 'UNKNOWN_ID'
  | 'FAULT_INERT'
  | 'FAULT_CONFLICT'
  | 'FAULT_UNRESOLVED'
  | 'RUN_UNREADABLE'
  | 'DISK_UNWRITABLE'
  | 'TOOL_MISSING'
  | 'CAST_UNREACHABLE'

/** Where the cause stands: a file, a path inside it, the command-line option. */
export interface ErrorPlace {
  readonly file?: string
  readonly path?: string
}

/**
 * An error of configuration or of the harness itself: exit code 3, never counted against the target.
 *
 * @example throw new HarnessError('PORT_TAKEN', 'Le port 19443 est déjà utilisé.', { fix: 'Choisissez un autre port dans simulator.ports.' })
 */
export class HarnessError extends Error {
  readonly code: ErrorCode
  readonly fix: string
  readonly place: ErrorPlace

  constructor(code: ErrorCode, message: string, more: { fix?: string; place?: ErrorPlace; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'HarnessError'
    this.code = code
    this.fix = more.fix ?? ''
    this.place = more.place ?? {}
  }
}

/** The whole French text of an error: place, sentence, what to do. One line a part, no stack. */
export function explain(error: unknown): string {
  if (!(error instanceof HarnessError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `Erreur interne de HospiCert (ce n'est pas un défaut du produit testé).\n${text}`
  }
  const place = [error.place.file, error.place.path].filter(Boolean).join(' → ')
  return [place && `Où : ${place}`, error.message, error.fix && `À faire : ${error.fix}`].filter(Boolean).join('\n')
}

/** The known names closest to what was written, best first, for « vouliez-vous dire … ? ». */
export function nearest(wanted: string, known: Iterable<string>, most = 3): string[] {
  const limit = Math.max(2, Math.ceil(wanted.length / 3))
  return [...known]
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= limit || name.includes(wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name)
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      current[j] = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost)
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
