import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Register } from '#core/requirement.ts'
import { exampleJournal, exampleUnits } from './example-units.test-data.ts'
import { examplePicture } from './picture.test-data.ts'
import { concluded } from './record.ts'

/** The registers as they stand in the fixtures. */
export function exampleRegisters(): readonly Register[] {
  const folder = fileURLToPath(new URL('../fixtures/requirements/', import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Register)
}

/** The record of a run in which every verdict occurs, with hostile text in the places where a target may write. */
export function exampleRecord(units: readonly UnitRecord[] = exampleUnits(), more: Partial<RunRecord> = {}): RunRecord {
  return concluded({
    schemaVersion: 1,
    id: '2026-11-23-dpi-etoile-0001',
    harness: { name: 'hospicert', version: '0.1.0', node: '24.21.0' },
    plan: { id: 'relying-party', title: 'Connecteur Pro Santé Connect du DPI', selected: units.length, total: 120 },
    status: 'complete',
    startedAt: '2026-11-23T08:15:00.000Z',
    endedAt: '2026-11-23T08:19:42.000Z',
    target: {
      id: 'dpi-etoile',
      role: 'relying-party',
      product: { name: 'DPI L’Étoile <b>Œdipe</b>', version: '12.4.1', vendor: 'Éditions & Santé' },
      environment: 'integration',
      authorisedBy: { name: 'Hélène Œuvrard', role: 'RSSI du centre hospitalier fictif', date: '2026-11-02' },
      baseUrl: 'https://dpi.hopital.example',
      file: 'cibles/dpi-etoile.target.json',
      sha256: '4f'.repeat(32),
      capabilities: ['code-flow', 'userinfo', 'acr-check'],
      notSupported: { 'exercise-choice': 'Le DPI ne gère qu’une situation d’exercice par compte.' },
    },
    tables: { 'fixtures/requirements/psc@2026-11.json': 'a1'.repeat(32), 'fixtures/personas/canari.json': 'b2'.repeat(32) },
    environment: { os: 'Linux 6.1 x64', browser: 'chromium', browserVersion: '156.0.8078.79', workers: 2 },
    simulator: {
      issuer: 'https://auth.psc.test:19443/auth/realms/esante-wallet',
      authorizationEndpoint: 'https://wallet.psc.test:19444/auth',
      profile: 'psc 2026-11',
    },
    calibration: {
      honest: { persona: 'canari', seen: 'canari', screenshot: 'captures/calibrage-connecte.png' },
      nobody: { seen: null, screenshot: 'captures/calibrage-personne.png' },
      duration: 2140,
    },
    units,
    verdict: 'pass',
    exitCode: 0,
    ...more,
  })
}

/** Writes the whole run folder: record, journals, pictures. Returns the record. */
export function writeExampleRun(folder: string, record: RunRecord = exampleRecord()): RunRecord {
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  write('run.json', `${JSON.stringify(record, null, 2)}\n`)
  write('captures/calibrage-connecte.png', examplePicture('signed-in'))
  write('captures/calibrage-personne.png', examplePicture('signed-out'))
  for (const unit of record.units) {
    if (unit.evidence.journal)
      write(
        unit.evidence.journal,
        exampleJournal(unit)
          .map((entry) => `${JSON.stringify(entry)}\n`)
          .join(''),
      )
    for (const { path } of unit.evidence.screenshots) write(path, examplePicture(unit.verdict === 'fail' ? 'signed-in' : 'refused'))
  }
  return record
}
