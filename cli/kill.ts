import { HarnessError, nearest } from '#core/errors.ts'
import { type KillMatrix, killMatrix } from '#suites/kill-matrix.ts'
import { DEFECTS } from '#targets/reference/dpi/defects.ts'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'
import { count, parseOptions } from './options.ts'

export const command: Command = {
  summary: 'joue le plan contre les défauts de la référence : [--json] [--full] [--defect <id>] [--workers <n>].',
  async run(args) {
    const { values } = parseOptions(args, {
      json: { type: 'boolean' },
      full: { type: 'boolean' },
      defect: { type: 'string', multiple: true },
      workers: { type: 'string' },
    })
    for (const id of values.defect ?? []) {
      if (id in DEFECTS) continue
      const near = nearest(id, Object.keys(DEFECTS))
      throw new HarnessError('UNKNOWN_ID', `La référence n'a pas de défaut « ${id} ».`, {
        fix: near.length > 0 ? `Vouliez-vous dire ${near.join(', ')} ?` : 'La liste : targets/reference/dpi/defects.ts.',
        place: { path: '--defect' },
      })
    }
    const live = process.stderr.isTTY
    const matrix = await killMatrix({
      house: HOUSE,
      workers: count(values.workers, 'workers', 3),
      full: values.full === true,
      defects: DEFECTS,
      ...(values.defect ? { only: (id) => values.defect?.includes(id) ?? false } : {}),
      onProgress: (done, total, what) => live && process.stderr.write(`\r\x1b[K${done}/${total} ${what.slice(0, 90)}`),
    })
    if (live) process.stderr.write('\r\x1b[K')
    if (values.json) console.log(JSON.stringify(matrix, null, 2))
    else print(matrix)
    return proven(matrix) ? 0 : 1
  },
}

/** Every defect killed, every negative unit kills, nobody accused, no universal defect passed, every claim kept. */
export function proven({ defects, units, accusations, universal, broken }: KillMatrix): boolean {
  const idle = units.filter(({ kills }) => kills.length === 0)
  return (
    defects.every(({ killedBy }) => killedBy.length > 0) &&
    idle.length === 0 &&
    accusations.length === 0 &&
    universal.every(({ passed }) => passed.length === 0) &&
    broken.length === 0
  )
}

function print({ defects, units, accusations, universal, broken, seconds }: KillMatrix): void {
  const width = Math.max(...defects.map(({ id }) => id.length))
  console.log('Défauts de la référence et unités qui les trouvent\n')
  for (const { id, killedBy } of defects) console.log(`  ${killedBy.length > 0 ? '✓' : '✗'} ${id.padEnd(width)}  ${killedBy.join(', ') || 'AUCUNE'}`)
  console.log('\nDéfauts universels (aucun module de refus ne doit passer)\n')
  for (const { id, judged, passed } of universal)
    console.log(
      `  ${passed.length === 0 ? '✓' : '✗'} ${id} : ${judged} modules joués, ${passed.length} passés${passed.length > 0 ? ` (${passed.join(', ')})` : ''}`,
    )
  for (const { unit, defect, verdict, reason } of broken) console.log(`  ✗ ${unit} devait trouver ${defect} : ${verdict} – ${reason}`)
  console.log(`\nAccusations d'une référence honnête : ${accusations.length}`)
  for (const { reference, unit, verdict, reason } of accusations) console.log(`  ✗ ${reference} × ${unit} : ${verdict} – ${reason}`)
  const killed = defects.filter(({ killedBy }) => killedBy.length > 0).length
  const killers = units.filter(({ kills }) => kills.length > 0).length
  console.log(`\n${killed}/${defects.length} défauts trouvés, par ${killers} unités ; ${seconds} s.`)
}
