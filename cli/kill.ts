import { HarnessError, nearest } from '#core/errors.ts'
import { ENGINES, type EngineName, engineOf } from '#suites/engine.ts'
import { type KillMatrix, killMatrix } from '#suites/kill-matrix.ts'
import { REFERENCES } from '#suites/references.ts'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'
import { count, parseOptions } from './options.ts'

/** The fast one makes the matrix, the other one is compared with it. */
const BOTH: readonly EngineName[] = ENGINES.toReversed()

export const command: Command = {
  summary: `joue le plan contre les défauts des références : [--reference <id>] [--json] [--full] [--defect <id>] [--workers <n>]
[--engine http|browser|both] [--sample]. Avec both, les deux moteurs jouent et doivent rendre les mêmes verdicts ; avec --sample,
le second rejoue un tiers de la référence honnête et une unité par défaut, au lieu de tout, et les défauts universels des références suivantes
sont montrés à un refus sur dix.`,
  async run(args) {
    const { values } = parseOptions(args, {
      json: { type: 'boolean' },
      full: { type: 'boolean' },
      defect: { type: 'string', multiple: true },
      reference: { type: 'string', multiple: true },
      workers: { type: 'string' },
      engine: { type: 'string' },
      sample: { type: 'boolean' },
    })
    const references = values.reference ? REFERENCES.filter(({ id }) => values.reference?.includes(id)) : REFERENCES
    for (const id of values.reference ?? []) known('référence', id, '--reference', [...REFERENCES.map((reference) => reference.id)])
    for (const id of values.defect ?? []) known('défaut', id, '--defect', [...new Set(references.flatMap(({ defects }) => Object.keys(defects)))])
    const live = process.stderr.isTTY
    const matrix = await killMatrix({
      house: HOUSE,
      workers: count(values.workers, 'workers', 3),
      engines: values.engine === 'both' ? BOTH : [engineOf(values.engine, 'http')],
      sample: values.sample === true,
      full: values.full === true,
      references: values.defect ? references.filter(({ defects }) => values.defect?.some((id) => id in defects)) : references,
      ...(values.defect ? { only: (id) => values.defect?.includes(id) ?? false } : {}),
      onProgress: (done, total, what) => live && process.stderr.write(`\r\x1b[K${done}/${total} ${what.slice(0, 90)}`),
    })
    if (live) process.stderr.write('\r\x1b[K')
    if (values.json) console.log(JSON.stringify(matrix, null, 2))
    else print(matrix)
    // A part of the matrix leaves units of other references without their defects.
    return proven(matrix, !values.defect && !values.reference) ? 0 : 1
  },
}

function known(what: string, id: string, option: string, ids: readonly string[]): void {
  if (ids.includes(id)) return
  const near = nearest(id, ids)
  throw new HarnessError('UNKNOWN_ID', `Aucun(e) ${what} ne s'appelle « ${id} ».`, {
    fix: `Vouliez-vous dire ${(near.length > 0 ? near : ids.slice(0, 3)).join(', ')} ? La liste : targets/reference/*/defects.ts.`,
    place: { path: option },
  })
}

/** Every defect killed, every negative unit kills, nobody accused, no universal defect passed, every claim kept, both engines of one mind. */
export function proven({ defects, units, accusations, universal, broken, disagreements }: KillMatrix, whole = true): boolean {
  const idle = whole ? units.filter(({ kills }) => kills.length === 0) : []
  return (
    defects.every(({ killedBy }) => killedBy.length > 0) &&
    idle.length === 0 &&
    accusations.length === 0 &&
    universal.every(({ passed }) => passed.length === 0) &&
    broken.length === 0 &&
    disagreements.length === 0
  )
}

function print({ defects, units, accusations, universal, broken, engines, compared, disagreements, seconds }: KillMatrix): void {
  const name = ({ reference, id }: { reference: string; id: string }) => `${reference}/${id}`
  const width = Math.max(0, ...defects.map((defect) => name(defect).length))
  console.log('Défauts des références et unités qui les trouvent\n')
  for (const defect of defects)
    console.log(`  ${defect.killedBy.length > 0 ? '✓' : '✗'} ${name(defect).padEnd(width)}  ${defect.killedBy.join(', ') || 'AUCUNE'}`)
  console.log('\nDéfauts universels (aucun module de refus ne doit passer)\n')
  for (const { reference, id, judged, passed } of universal)
    console.log(
      `  ${passed.length === 0 ? '✓' : '✗'} ${reference}/${id} : ${judged} modules joués, ${passed.length} passés${passed.length > 0 ? ` (${passed.join(', ')})` : ''}`,
    )
  for (const { reference, unit, defect, verdict, reason } of broken)
    console.log(`  ✗ ${unit} devait trouver ${reference}/${defect} : ${verdict} – ${reason}`)
  console.log(`\nAccusations d'une référence honnête : ${accusations.length}`)
  for (const { reference, unit, verdict, reason } of accusations) console.log(`  ✗ ${reference} × ${unit} : ${verdict} – ${reason}`)
  if (engines.length > 1) console.log(`\nVerdicts des moteurs ${engines.join(' et ')} : ${compared} comparés, ${disagreements.length} différents`)
  for (const { world, unit, said } of disagreements)
    console.log(`  ✗ ${world} × ${unit} : ${said.map(({ engine, verdict, reason }) => `${engine} : ${verdict} – ${reason}`).join(' ; ')}`)
  const killed = defects.filter(({ killedBy }) => killedBy.length > 0).length
  const killers = units.filter(({ kills }) => kills.length > 0).length
  console.log(`\n${killed}/${defects.length} défauts trouvés, par ${killers} unités ; ${seconds} s.`)
}
