import { readFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'
import { basename } from 'node:path'
import type { Plan } from '#core/plan.ts'
import type { Calibration, RunRecord } from '#core/record.ts'
import { read, tableDigests } from '#fixtures/load.ts'
import type { RunFacts } from './cast.ts'
import { judgingOf } from './run-unit.ts'

/** The harness's own version. */
export function harnessVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
}

/** The record of a run before its first unit. */
export function initialRecord(options: {
  readonly id: string
  readonly plan: Plan
  readonly selected: number
  readonly facts: RunFacts
  readonly sha256: string
  readonly browserVersion: string
  readonly workers: number
  readonly calibration?: Calibration
}): RunRecord {
  const { id, plan, selected, facts, sha256, browserVersion, workers, calibration } = options
  const { target } = facts
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
      baseUrl: facts.baseUrl,
      file: basename(facts.targetFile),
      sha256,
      capabilities: target.capabilities,
      notSupported: target.notSupported ?? {},
    },
    tables: tableDigests(),
    environment: { os: `${platform()} ${release()} ${arch()}`, browser: facts.browser.origin, browserVersion, workers },
    simulator: {
      issuer: facts.issuer,
      authorizationEndpoint: `${facts.walletOrigin}/auth`,
      profile: read<{ title: string }>('federations/psc/profile.json').title,
    },
    ...(calibration ? { calibration } : {}),
    judging: judgingOf(facts),
    units: [],
    verdict: 'inconclusive',
    exitCode: 2,
  }
}
