import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { HarnessError } from '#core/errors.ts'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import { exitCode, type Verdict, worst } from '#core/verdict.ts'

const SCHEMA = fileURLToPath(new URL('../fixtures/schema/run.schema.json', import.meta.url))

/** Where the record of a run stands. */
export function recordPath(folder: string): string {
  return join(folder, 'run.json')
}

/** Units judged since `run.json` was last written, one JSON a line; gone when the run is closed. */
export function unitsPath(folder: string): string {
  return join(folder, 'epreuves.jsonl')
}

/** The record as it stands on disk, unchecked but for its version. Throws `RUN_UNREADABLE`. */
export function parseRecord(folder: string): RunRecord {
  const path = recordPath(folder)
  let record: unknown
  try {
    record = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw unreadable(path, absent ? "Ce dossier ne contient pas d'exécution (run.json est absent)." : "Le fichier run.json n'est pas lisible.", cause)
  }
  const version = typeof record === 'object' && record !== null && 'schemaVersion' in record ? record.schemaVersion : undefined
  if (version !== 1) throw unreadable(path, `La version de format « ${String(version)} » n'est pas connue de cette version de HospiCert.`)
  const written = record as RunRecord
  const since = unitsSince(folder)
  if (since.length === 0) return written
  const all = new Map([...written.units, ...since].map((unit) => [unit.id, unit]))
  return concluded({ ...written, units: [...all.values()] })
}

/** A line that was cut by a kill is left out. */
function unitsSince(folder: string): UnitRecord[] {
  if (!existsSync(unitsPath(folder))) return []
  return readFileSync(unitsPath(folder), 'utf8')
    .split('\n')
    .flatMap((line): UnitRecord[] => {
      try {
        return line === '' ? [] : [JSON.parse(line) as UnitRecord]
      } catch {
        return []
      }
    })
}

/**
 * Verdict and exit code follow from the units; whoever writes the record does not choose them. A run that did not come to
 * its end proves nothing as a whole, were all its units conform so far.
 */
export function concluded(record: RunRecord): RunRecord {
  const verdicts: Verdict[] = record.units.map(({ verdict }) => verdict)
  if (record.status === 'failed') return { ...record, verdict: worst(['error', ...verdicts]), exitCode: 3 }
  if (record.status !== 'complete') verdicts.push('inconclusive')
  return { ...record, verdict: worst(verdicts), exitCode: exitCode(verdicts) }
}

/** The record of a finished or broken-off run, checked against its schema. Throws `RUN_UNREADABLE`. */
export function readRecord(folder: string): RunRecord {
  const record = parseRecord(folder)
  if (!existsSync(SCHEMA)) return record
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
  if (validate(record)) return record
  const [first, ...others] = validate.errors ?? []
  const more = others.length > 0 ? ` (et ${others.length} autres écarts)` : ''
  throw unreadable(recordPath(folder), `Le fichier run.json ne suit pas son schéma : ${sentence(first)}${more}.`)
}

function sentence(error: ErrorObject | undefined): string {
  if (error === undefined) return 'écart non précisé'
  const place = error.instancePath || 'à la racine'
  const known: Readonly<Record<string, string>> = {
    required: `il manque « ${error.params.missingProperty} »`,
    additionalProperties: `« ${error.params.additionalProperty} » n'est pas connu`,
    type: `une valeur de type ${error.params.type} est attendue`,
    enum: `une valeur parmi ${JSON.stringify(error.params.allowedValues)} est attendue`,
    const: `la valeur ${JSON.stringify(error.params.allowedValue)} est attendue`,
  }
  return `${place}, ${known[error.keyword] ?? error.message ?? error.keyword}`
}

function unreadable(file: string, message: string, cause?: unknown): HarnessError {
  return new HarnessError('RUN_UNREADABLE', message, {
    fix: "Indiquez le dossier d'une exécution de HospiCert, tel qu'il a été écrit, sans modification.",
    place: { file },
    cause,
  })
}
