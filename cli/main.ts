import { explain, HarnessError, nearest } from '#core/errors.ts'

/** A command: what it is for (French) and what it does; resolves to the exit code. */
export interface Command {
  readonly summary: string
  run(args: readonly string[]): Promise<number>
}

/** One file a command. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  certify: () => import('./certify.ts'),
  doctor: () => import('./doctor.ts'),
  list: () => import('./list.ts'),
  report: () => import('./report.ts'),
  judge: () => import('./judge.ts'),
  kill: () => import('./kill.ts'),
  field: () => import('./field.ts'),
  test: () => import('./test.ts'),
  check: () => import('./check.ts'),
  generate: () => import('./generate.ts'),
  bench: () => import('./bench.ts'),
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help()
  const load = COMMANDS[name]
  if (!load) {
    const near = nearest(name, Object.keys(COMMANDS))
    throw new HarnessError('UNKNOWN_OPTION', `La commande « ${name} » n'existe pas.`, {
      fix: near.length > 0 ? `Vouliez-vous dire ${near.join(', ')} ?` : `Commandes : ${Object.keys(COMMANDS).join(', ')}.`,
    })
  }
  const { command } = await load()
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.summary)
    return 0
  }
  return command.run(args)
}

async function help(): Promise<number> {
  console.log('HospiCert – banc de conformité HospiConnect\n\nUsage : hospicert <commande> [options]\n')
  for (const [name, load] of Object.entries(COMMANDS)) {
    const [first = '', ...rest] = (await load()).command.summary.split('\n')
    console.log(`  ${name.padEnd(10)}${first}`)
    for (const line of rest) console.log(`  ${' '.repeat(10)}${line}`)
  }
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(explain(error))
  process.exitCode = 3
}
