import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Register, Requirement } from '#core/requirement.ts'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'
import { type Coverage, coverage } from '../coverage.ts'
import { registerWord, VERDICT_MEANINGS } from '../words.ts'
import { conclusion } from './conclusion.ts'
import { calibrationFacts, type Fact, identification } from './identification.ts'
import { limits } from './limits.ts'
import { type DossierRequirement, type DossierUnit, requirementPart, unitPart } from './parts.ts'

/** What a renderer is handed: sentences, tables and references, nothing left to decide. Every text is raw: escaping is the renderer's. */
export interface Dossier {
  readonly title: string
  readonly subtitle: string
  readonly footer: string
  readonly verdict: Verdict
  readonly conclusion: readonly string[]
  readonly identification: readonly Fact[]
  readonly calibration: readonly Fact[]
  readonly calibrationPictures: readonly { readonly path: string; readonly title: string }[]
  /** Units by verdict, worst first; verdicts that do not occur are left out. */
  readonly counts: readonly { readonly verdict: Verdict; readonly count: number; readonly meaning: string }[]
  readonly overview: readonly RegisterOverview[]
  /** Units that want somebody's attention, worst first. */
  readonly attention: readonly { readonly unit: DossierUnit; readonly requirements: readonly string[] }[]
  readonly registers: readonly DossierRegister[]
  /** Units that answer no requirement of the registers. */
  readonly outside: readonly DossierUnit[]
  readonly untested: readonly { readonly register: string; readonly prefix: string; readonly rows: readonly UntestedRow[] }[]
  readonly limits: readonly string[]
  readonly evidence: readonly { readonly path: string; readonly sha256: string }[]
  readonly tables: readonly { readonly path: string; readonly sha256: string }[]
}

export interface RegisterOverview {
  readonly register: string
  readonly total: number
  readonly conform: number
  readonly failed: number
  readonly other: number
  readonly untested: number
}

export interface DossierRegister {
  readonly title: string
  readonly status: string
  readonly url?: string
  readonly note?: string
  readonly requirements: readonly DossierRequirement[]
}

export interface UntestedRow {
  /** The id without the prefix that the register's requirements share. */
  readonly clause: string
  readonly text: string
  readonly level: Requirement['level']
  readonly reason: string
  readonly gap: boolean
}

const REGISTER_STATUS: Readonly<Record<Register['status'], string>> = {
  'in-force': 'texte en vigueur',
  draft: 'projet de texte',
  profile: 'profil établi par le projet HospiCert à partir de sources publiques',
}

const SETTLED: readonly Verdict[] = ['pass', 'inapplicable', 'accepted-risk']

/**
 * The dossier by requirement, from the record, the registers and the digests of the evidence (path → SHA-256).
 * Pure: it opens no file. A unit is told in full under the first requirement that it answers, and cited under the others.
 */
export function dossier(record: RunRecord, registers: readonly Register[], digests: ReadonlyMap<string, string>): Dossier {
  const covered = coverage(record, registers)
  const numbers = numbering(covered)
  const told = new Set<string>()
  const part = (unit: UnitRecord) => unitPart(unit, numbers.get(unit.id) ?? 0, digests)
  const { name, version } = record.target.product
  return {
    title: `Dossier de preuves — ${name} ${version}`,
    subtitle: record.plan.title,
    footer: `${name} ${version} — exécution ${record.id}`,
    verdict: record.verdict,
    conclusion: conclusion(record),
    identification: identification(record),
    calibration: calibrationFacts(record),
    calibrationPictures: calibrationPictures(record),
    counts: VERDICTS.map((verdict) => ({
      verdict,
      count: record.units.filter((unit) => unit.verdict === verdict).length,
      meaning: VERDICT_MEANINGS[verdict],
    })).filter(({ count }) => count > 0),
    overview: covered.registers.map(overview),
    attention: VERDICTS.filter((verdict) => !SETTLED.includes(verdict)).flatMap((verdict) =>
      record.units.filter((unit) => unit.verdict === verdict).map((unit) => ({ unit: part(unit), requirements: unit.requirements })),
    ),
    registers: covered.registers
      .map(({ register, rows }) => ({
        title: registerWord(register),
        status: REGISTER_STATUS[register.status],
        ...(register.url ? { url: register.url } : {}),
        ...(register.note ? { note: register.note } : {}),
        requirements: rows.filter(({ verdict }) => verdict !== null).map((row) => requirementPart(row, part, told)),
      }))
      .filter(({ requirements }) => requirements.length > 0),
    outside: covered.outside.map(part),
    untested: covered.registers
      .map(({ register, rows }) => ({
        register: registerWord(register),
        prefix: `${register.id}@${register.edition}/`,
        rows: rows.flatMap(untestedRow),
      }))
      .filter(({ rows }) => rows.length > 0),
    limits: limits(record, registers),
    evidence: [...digests].map(([path, sha256]) => ({ path, sha256 })),
    tables: [
      { path: record.target.file, sha256: record.target.sha256 },
      ...Object.entries(record.tables).map(([path, sha256]) => ({ path, sha256 })),
    ],
  }
}

/** Units are numbered in the order in which the dossier tells them. */
function numbering({ registers, outside }: Coverage): ReadonlyMap<string, number> {
  const ids = new Set([...registers.flatMap(({ rows }) => rows.flatMap(({ units }) => units)), ...outside].map(({ id }) => id))
  return new Map([...ids].map((id, index) => [id, index + 1]))
}

function overview({ register, rows }: Coverage['registers'][number]): RegisterOverview {
  const count = (...verdicts: readonly (Verdict | null)[]) => rows.filter(({ verdict }) => verdicts.includes(verdict)).length
  const [conform, failed, untested] = [count('pass'), count('fail'), count(null)]
  return { register: registerWord(register), total: rows.length, conform, failed, other: rows.length - conform - failed - untested, untested }
}

function untestedRow({ requirement: { id, text, level }, blank, gap }: Coverage['registers'][number]['rows'][number]): UntestedRow[] {
  return blank === null ? [] : [{ clause: id.slice(id.indexOf('/') + 1), text, level, reason: blank, gap }]
}

function calibrationPictures({ calibration }: RunRecord): Dossier['calibrationPictures'] {
  return [
    { path: calibration?.honest.screenshot, title: 'Page du produit, professionnel connecté' },
    { path: calibration?.nobody.screenshot, title: 'Page du produit, personne n’est connecté' },
  ].flatMap(({ path, title }) => (path === undefined ? [] : [{ path, title }]))
}

/** @example verdictWords('pass') === 'Conforme' */
export function verdictWords(verdict: Verdict): string {
  const label = VERDICT_LABELS[verdict]
  return label.charAt(0).toUpperCase() + label.slice(1)
}
