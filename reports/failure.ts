import { relative } from 'node:path'
import type { RunRecord } from '#core/record.ts'
import { plain } from './text.ts'

/** Why a run could not be finished, for a person: where, what, what to do, and where the run is kept. Empty for a run that was. */
export function explainFailure({ failure }: Pick<RunRecord, 'failure'>, folder: string): string {
  if (!failure) return ''
  const { place, message, fix } = failure
  return [place && `Où : ${place}`, message, fix && `À faire : ${fix}`, `Passage : ${relative('.', folder) || folder}`]
    .filter(Boolean)
    .map(plain)
    .join('\n')
}
