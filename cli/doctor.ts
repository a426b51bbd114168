import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ADVISED_PRODUCTS, type AdvisedProduct } from '#core/diagnosis.ts'
import { HarnessError, nearest } from '#core/errors.ts'
import { readTargetFile, type TargetFile } from '#fixtures/target-file.ts'
import { type Consultation, consultationJson, doctorExitCode, printConsultation } from '#reports/doctor.ts'
import { terminal } from '#reports/terminal.ts'
import { consult, unreadable } from '#suites/doctor/doctor.ts'
import { makeRunFolder } from '#suites/run-folder.ts'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'
import { parseOptions } from './options.ts'

export const command: Command = {
  summary: `examine un produit avant de le certifier : --target <fichier> (par défaut la référence), --product <produit> (ses
réglages seulement : ${Object.keys(ADVISED_PRODUCTS).join(', ')}), --json. Code de sortie : 0 rien n'empêche
de certifier, 3 une configuration à corriger.`,
  async run(args) {
    const { values } = parseOptions(args, { target: { type: 'string' }, product: { type: 'string' }, json: { type: 'boolean' } })
    const only = productOf(values.product)
    const file = values.target ?? join(HOUSE, 'targets/reference/dpi.target.json')
    const consultation = { ...(await examined(file)), ...(only ? { only } : {}) }
    if (values.json) console.log(JSON.stringify(consultationJson(consultation), null, 2))
    else printConsultation(consultation, terminal())
    const code = doctorExitCode(consultation.outcomes)
    // What a client of the workstation opens is waited for as long as the process lives; nothing is left to wait for here.
    process.stdout.write('', () => process.exit(code))
    return code
  },
}

async function examined(path: string): Promise<Consultation> {
  const file = path.startsWith(HOUSE) ? relative('.', path) : path
  let described: TargetFile
  try {
    described = readTargetFile(path)
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    return { file, outcomes: unreadable(path, error) }
  }
  const { target } = described
  const out = join(HOUSE, 'out')
  mkdirSync(out, { recursive: true })
  const folder = makeRunFolder(out, `docteur-${target.id}`)
  const outcomes = await consult({ target, targetFile: described.file, folder, pki: join(out, 'pki'), out })
  const made = { target, file, outcomes, folder: relative('.', folder) || folder }
  writeFileSync(join(folder, 'examen.json'), `${JSON.stringify(consultationJson(made), null, 2)}\n`)
  return made
}

function productOf(name: string | undefined): AdvisedProduct | undefined {
  if (name === undefined || name in ADVISED_PRODUCTS) return name as AdvisedProduct | undefined
  const near = nearest(name, Object.keys(ADVISED_PRODUCTS))
  throw new HarnessError('UNKNOWN_OPTION', `Le docteur n'a pas de réglages pour « ${name} ».`, {
    fix: near.length > 0 ? `Vouliez-vous dire ${near.join(', ')} ?` : `Produits : ${Object.keys(ADVISED_PRODUCTS).join(', ')}.`,
    place: { path: '--product' },
  })
}
