import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'

const BENCHES = ['simulator', 'unit', 'cards'] as const

export const command: Command = {
  summary: '(contributeurs) mesures, en rapports dans un même passage : hospicert bench [simulator|unit|cards].',
  async run(args) {
    const wanted = args.filter((arg) => !arg.startsWith('--'))
    for (const name of wanted) {
      if (!(BENCHES as readonly string[]).includes(name))
        throw new HarnessError('UNKNOWN_OPTION', `Mesure inconnue : « ${name} ».`, { fix: `Mesures : ${BENCHES.join(', ')}.` })
    }
    let code = 0
    for (const name of wanted.length > 0 ? wanted : BENCHES) {
      code ||= await new Promise<number>((done) => {
        spawn(process.execPath, [join(HOUSE, 'benchmarks', `${name}.bench.ts`)], { cwd: HOUSE, stdio: 'inherit' }).on('exit', (status) =>
          done(status ?? 1),
        )
      })
    }
    return code
  },
}
