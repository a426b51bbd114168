import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLoad, type Endpoints } from './flow-load.ts'

/**
 * Full authorization-code flows per second: the simulator with recording on (flows, JWT access tokens, masked journals on disk)
 * against the bare library, in one run, in short turns that alternate so that a busy neighbour on the machine slows both. Target: at
 * least 0.85 of it. Beside it, flows per second of processor time of the serving process, which what else runs here hardly touches.
 */
const ROUNDS = 100
const FLOWS = 40
const WARM_UP = 10
const CONCURRENCY = 8
const client = {
  id: 'bench',
  secret: 'secret-of-the-bench-0123456789abcdef',
  redirectUri: 'https://dpi.test/retour',
  turn: FLOWS,
}

interface Started {
  readonly child: ChildProcess
  readonly endpoints: Endpoints
  readonly ca: string
}

function start(kind: 'bare' | 'simulator', folder: string): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'simulator.server.ts'), [kind, folder, JSON.stringify(client)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ child, ...(message as Omit<Started, 'child'>) }))
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)))
  })
}

/** Seconds of processor time that a child has used so far; it makes the flows up to this number ready first. */
function processorTime({ child }: Started, flows: number): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (seconds) => resolve(seconds as number))
    child.send(flows)
  })
}

const KINDS = ['bare', 'simulator'] as const
type Kind = (typeof KINDS)[number]
const folder = mkdtempSync(join(tmpdir(), 'hospicert-bench-'))
const started = { bare: await start('bare', join(folder, 'bare')), simulator: await start('simulator', join(folder, 'simulator')) }
const load = { bare: createLoad(started.bare.ca, client, 'canari'), simulator: createLoad(started.simulator.ca, client, 'canari') }
const spent = { bare: { wall: [] as number[], processor: 0 }, simulator: { wall: [] as number[], processor: 0 } }
let used = 0
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
    const base = used
    const before = await processorTime(started[kind], base + FLOWS)
    const rate = await load[kind].rate(started[kind].endpoints, FLOWS, CONCURRENCY, (index) =>
      kind === 'simulator' ? `hospicert_flow=f${base + index}` : '',
    )
    const after = await processorTime(started[kind], base + FLOWS)
    if (kind === 'simulator') used += FLOWS
    if (round < 0) continue
    spent[kind].wall.push(FLOWS / rate)
    spent[kind].processor += after - before
  }
}
for (const kind of KINDS) {
  load[kind].close()
  started[kind].child.removeAllListeners('exit').kill()
}
rmSync(folder, { recursive: true, force: true })

const flows = ROUNDS * FLOWS
const perSecond = (kind: Kind) => flows / spent[kind].wall.reduce((sum, seconds) => sum + seconds, 0)
const perProcessorSecond = (kind: Kind) => flows / spent[kind].processor
const ratio = perSecond('simulator') / perSecond('bare')
const line = (title: string, of: (kind: Kind) => number) =>
  console.log(
    `  ${title.padEnd(36)} ${of('bare').toFixed(0).padStart(5)}  ${of('simulator').toFixed(0).padStart(10)}  ${(of('simulator') / of('bare')).toFixed(2).padStart(8)}`,
  )
console.log(`Flux complets (code, page, jetons, identité), HTTPS, 8 en parallèle, ${flows} de chaque, en tours alternés de ${FLOWS}`)
console.log(`  ${''.padEnd(36)} ${'seul'.padStart(5)}  simulateur   rapport`)
line('par seconde', perSecond)
line('par seconde de processeur du serveur', perProcessorSecond)
console.log(`  rapport par seconde : ${ratio.toFixed(2)}   cible ≥ 0,85`)
process.exitCode = ratio >= 0.85 ? 0 : 1
