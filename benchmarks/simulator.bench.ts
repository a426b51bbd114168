import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLoad, type Endpoints } from './flow-load.ts'

/**
 * Full authorization-code flows per second: the simulator with recording on (flows, JWT access tokens, masked journals on disk)
 * against the bare library, in one run, interleaved. Target: at least 0.85 of it.
 */
const ROUNDS = 5
const FLOWS = 300
const CONCURRENCY = 8
const client = { id: 'bench', secret: 'secret-of-the-bench-0123456789abcdef', redirectUri: 'https://dpi.test/retour', flows: (ROUNDS + 1) * FLOWS }

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

const folder = mkdtempSync(join(tmpdir(), 'hospicert-bench-'))
const rates: Record<'bare' | 'simulator', number[]> = { bare: [], simulator: [] }
const started = { bare: await start('bare', join(folder, 'bare')), simulator: await start('simulator', join(folder, 'simulator')) }
const load = { bare: createLoad(started.bare.ca, client, 'canari'), simulator: createLoad(started.simulator.ca, client, 'canari') }
let used = 0
for (let round = 0; round <= ROUNDS; round++) {
  for (const kind of round % 2 === 0 ? (['bare', 'simulator'] as const) : (['simulator', 'bare'] as const)) {
    const base = used
    const rate = await load[kind].rate(started[kind].endpoints, FLOWS, CONCURRENCY, (index) =>
      kind === 'simulator' ? `hospicert_flow=f${base + index}` : '',
    )
    if (kind === 'simulator') used += FLOWS
    // The first round warms both up.
    if (round > 0) rates[kind].push(rate)
  }
}
for (const kind of ['bare', 'simulator'] as const) {
  load[kind].close()
  started[kind].child.removeAllListeners('exit').kill()
}
rmSync(folder, { recursive: true, force: true })

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const ratios = rates.simulator.map((rate, round) => rate / (rates.bare[round] ?? 1))
console.log('Flux complets par seconde (code, page, jetons, identité), HTTPS, 8 en parallèle')
console.log(`  oidc-provider seul          ${rates.bare.map((rate) => rate.toFixed(0)).join('  ')}   médiane ${median(rates.bare).toFixed(0)}/s`)
console.log(
  `  simulateur, journal sur disque  ${rates.simulator.map((rate) => rate.toFixed(0)).join('  ')}   médiane ${median(rates.simulator).toFixed(0)}/s`,
)
console.log(`  rapport (médiane des tours)  ${median(ratios).toFixed(2)}   cible ≥ 0,85`)
process.exitCode = median(ratios) >= 0.85 ? 0 : 1
