import { readFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'
import { basename } from 'node:path'
import type { Plan } from '#core/plan.ts'
import type { RunRecord } from '#core/record.ts'
import { read, tableDigests } from '#fixtures/load.ts'
import type { TargetFile } from '#fixtures/target-file.ts'
import type { RunFacts } from './cast.ts'
import { judgingOf } from './run-unit.ts'

/** The harness's own version. */
export function harnessVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
}

/** The record of a run before anything is started. */
export function initialRecord(options: {
  readonly id: string
  readonly plan: Plan
  readonly selected: number
  readonly targetFile: TargetFile
  readonly workers: number
}): RunRecord {
  const { id, plan, selected, workers } = options
  const { target, file, sha256 } = options.targetFile
  return {
    schemaVersion: 1,
    id,
    harness: { name: 'hospicert', version: harnessVersion(), node: process.version },
    plan: { id: plan.id, title: plan.title, selected, total: plan.units.length },
    status: 'running',
    startedAt: new Date().toISOString(),
    target: {
      id: target.id,
      role: target.role,
      product: target.product,
      environment: target.environment,
      authorisedBy: target.authorisedBy,
      baseUrl: target.baseUrl,
      file: basename(file),
      sha256,
      capabilities: target.capabilities,
      notSupported: target.notSupported ?? {},
    },
    tables: tableDigests(),
    environment: { os: `${platform()} ${release()} ${arch()}`, browser: '', browserVersion: '', workers },
    simulator: { issuer: '', authorizationEndpoint: '', profile: read<{ title: string }>('federations/psc/profile.json').title },
    units: [],
    verdict: 'inconclusive',
    exitCode: 2,
  }
}

/** What the record learns when the simulators listen and the product answers. */
export function onStage(record: RunRecord, facts: RunFacts): RunRecord {
  return {
    ...record,
    target: { ...record.target, baseUrl: facts.baseUrl },
    environment: { ...record.environment, browser: facts.browser?.origin ?? 'aucun', engine: facts.engine },
    simulator: { ...record.simulator, issuer: facts.issuer, authorizationEndpoint: `${facts.walletOrigin}/auth` },
    judging: judgingOf(facts),
  }
}
