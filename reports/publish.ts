import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { HarnessError } from '#core/errors.ts'
import type { RunRecord } from '#core/record.ts'
import type { Register } from '#core/requirement.ts'
import { writeAllureResults } from './allure.ts'
import { writeDocx } from './dossier/docx.ts'
import { dossierHtml } from './dossier/html.ts'
import { type Dossier, dossier } from './dossier/model.ts'
import { writePdf } from './dossier/pdf.ts'
import { type Evidence, namedFiles, openEvidence } from './evidence.ts'
import { renderAllure2, renderAllure3 } from './html.ts'
import { writeManifest } from './manifest.ts'
import { readRecord } from './record-file.ts'
import { oneLine } from './text.ts'

export interface PublishOptions {
  /** A launched browser prints the PDF; without one there is no PDF, and a problem says so. */
  readonly browser?: Browser
  readonly registers: readonly Register[]
  /** Which Allure makes the page; 3 unless told. Allure 2 needs Java. */
  readonly allure?: 2 | 3
}

/** Paths of what was made; a report that could not be made is absent, and `problems` says why in French. */
export interface Published {
  readonly record: RunRecord
  readonly report?: string
  readonly pdf?: string
  readonly docx?: string
  readonly manifest?: string
  /** Title and path of each file made, for the summary. */
  readonly files: readonly (readonly [title: string, path: string])[]
  readonly problems: readonly string[]
}

const TITLES = { report: 'Rapport (HTML)', pdf: 'Dossier (PDF)', docx: 'Dossier (DOCX)', manifest: 'Empreintes (SHA-256)' } as const
type Kind = keyof typeof TITLES

/**
 * Makes all reports of a run folder from what is on disk, be the run complete, broken off or killed. A report that fails
 * does not lose the others. Throws only when the record itself cannot be read (`RUN_UNREADABLE`).
 * @example const { report, pdf, problems } = await publish('out/runs/42', { browser, registers })
 */
export async function publish(folder: string, { browser, registers, allure = 3 }: PublishOptions): Promise<Published> {
  const record = readRecord(folder)
  const evidence = openEvidence(folder)
  const made: Partial<Record<Kind, string>> = {}
  const problems: string[] = []
  const attempt = async (kind: Kind, make: () => Promise<string>) => {
    try {
      made[kind] = await make()
    } catch (cause) {
      problems.push(`${TITLES[kind]} n'a pas été produit : ${reason(cause)}`)
    }
  }
  for (const name of ['rapport.html', 'dossier.pdf', 'dossier.docx', 'manifest.sha256']) await rm(join(folder, name), { force: true })

  const model = memo(() => dossier(record, registers, digests(record, evidence)))
  await Promise.all([
    attempt('report', async () => {
      writeAllureResults(folder, record, registers)
      return allure === 2 ? renderAllure2(folder) : renderAllure3(folder)
    }),
    attempt('pdf', async () => {
      if (browser === undefined) throw new HarnessError('NO_BROWSER', "aucun navigateur n'est disponible pour l'imprimer.")
      const path = join(folder, 'dossier.pdf')
      await writePdf(browser, dossierHtml(model(), evidence.bytes), path, model().footer)
      return path
    }),
    attempt('docx', async () => {
      const path = join(folder, 'dossier.docx')
      await writeDocx(model(), evidence.bytes, path)
      return path
    }),
  ])
  await attempt('manifest', () => writeManifest(folder))
  const kinds = Object.keys(TITLES) as Kind[]
  return { record, ...made, files: kinds.flatMap((kind) => (made[kind] ? [[TITLES[kind], made[kind]] as const] : [])), problems }
}

function digests(record: RunRecord, evidence: Evidence): ReadonlyMap<string, string> {
  return new Map(namedFiles(record).flatMap((path) => pair(path, evidence.digest(path))))
}

function pair(path: string, digest: string | undefined): [string, string][] {
  return digest === undefined ? [] : [[path, digest]]
}

function memo(make: () => Dossier): () => Dossier {
  let made: Dossier | undefined
  return () => (made ??= make())
}

function reason(cause: unknown): string {
  if (cause instanceof HarnessError) return oneLine(`${cause.message} ${cause.fix}`)
  return oneLine(cause instanceof Error ? cause.message : String(cause))
}
