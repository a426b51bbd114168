import { ADVISED_PRODUCTS, type AdvisedProduct, type Diagnosis, TOPICS, type TopicOutcome } from '#core/diagnosis.ts'
import type { Target } from '#core/target.ts'
import { advice } from '#fixtures/load.ts'
import { paint, type Terminal } from './terminal.ts'
import { plain } from './text.ts'

const SIGNS = { ok: '✓', attention: '!', erreur: '✗', unseen: '–' } as const
const COLOURS = { ok: 'pass', attention: 'warning', erreur: 'fail', unseen: 'inapplicable' } as const

/** What is told of an examination. */
export interface Consultation {
  readonly target?: Pick<Target, 'product' | 'baseUrl'>
  readonly file: string
  readonly outcomes: readonly TopicOutcome[]
  /** Folder of its journals, relative to where the person stands. */
  readonly folder?: string
  /** Tell the settings of this product only. */
  readonly only?: AdvisedProduct
}

/** 3 when a setting keeps the product from being certified, as for a certification that could not begin. */
export function doctorExitCode(outcomes: readonly TopicOutcome[]): 0 | 3 {
  return outcomes.some(({ state }) => state === 'erreur') ? 3 : 0
}

/** The examination for a person: a line a topic, then for each fault what was seen, why it matters, what to change. */
export function printConsultation(consultation: Consultation, out: Terminal): void {
  const { target, file, outcomes, folder } = consultation
  const width = Math.max(60, Math.min(out.columns, 120))
  const line = (text = '') => out.write(`${text}\n`)
  const named = target ? `${target.product.name} ${target.product.version} (${target.baseUrl})` : file
  line(`HospiCert – examen de ${plain(named)}`)
  line()
  const widest = Math.max(...Object.values(TOPICS).map((title) => title.length))
  for (const { topic, state, seen, diagnoses } of outcomes.filter(seenOrTold)) {
    const text = diagnoses.length > 0 ? diagnoses.map(({ id }) => titleOf(id)).join(' ; ') : state === 'unseen' ? `non vérifié : ${seen}` : seen
    const [first = '', ...rest] = wrapped(plain(text), width - widest - 6)
    line(`  ${paint(out, COLOURS[state], SIGNS[state])} ${TOPICS[topic].padEnd(widest)}  ${first}`)
    for (const more of rest) line(`${' '.repeat(widest + 6)}${more}`)
  }
  const beyond = outcomes.filter((outcome) => !seenOrTold(outcome)).map(({ topic }) => TOPICS[topic])
  if (beyond.length > 0) {
    const [first = '', ...rest] = wrapped(`Pas encore vu, la connexion ne va pas jusque-là : ${beyond.join(', ')}.`, width - 4)
    line(`  ${paint(out, 'inapplicable', SIGNS.unseen)} ${first}`)
    for (const more of rest) line(`    ${more}`)
  }
  const diagnoses = outcomes.flatMap((outcome) => outcome.diagnoses)
  for (const [index, diagnosis] of diagnoses.entries()) {
    line()
    tell(diagnosis, index + 1, consultation, out, width)
  }
  line()
  for (const text of wrapped(conclusion(diagnoses), width)) line(text)
  if (folder) line(`Journaux de l'examen : ${folder}`)
}

function tell({ id, state, seen, target, change }: Diagnosis, number: number, { file, only }: Consultation, out: Terminal, width: number): void {
  const known = advice().get(id)
  if (!known) return
  const settings = Object.entries(known.products ?? {}).filter(([product]) => only === undefined || product === only)
  // Our own guide is no authority.
  const sources = [...new Set([known.source, ...(only ? settings.map(([, { source }]) => source) : [])])].filter(
    (source) => !source.startsWith('HospiCert'),
  )
  const parts: [string, string[]][] = [
    ['Vu', [capital(seen)]],
    ['Pourquoi', [known.why]],
    ['À changer', [change ?? known.change]],
    ...(target ? [['Où', [whereIs(target, file)]] as [string, string[]]] : []),
    ...(settings.length > 0
      ? [
          ['Selon le produit', settings.map(([product, { setting }]) => `${ADVISED_PRODUCTS[product as AdvisedProduct]} : ${setting}`)] as [
            string,
            string[],
          ],
        ]
      : []),
    ...(sources.length > 0 ? [['Source', sources] as [string, string[]]] : []),
  ]
  out.write(`${paint(out, COLOURS[state], `${SIGNS[state]} ${number}. ${known.title}`)}  [${id}]\n`)
  for (const [label, texts] of parts) {
    let lead = label
    for (const text of texts) {
      for (const [index, piece] of wrapped(plain(text), width - 23).entries()) {
        out.write(`     ${lead.padEnd(18)}${index > 0 && texts.length > 1 ? '  ' : ''}${piece}\n`)
        lead = ''
      }
    }
  }
}

function conclusion(diagnoses: readonly Diagnosis[]): string {
  const errors = diagnoses.filter(({ state }) => state === 'erreur').length
  const notices = diagnoses.length - errors
  const noticed = notices === 0 ? '' : notices === 1 ? ' ; un point d’attention' : ` ; ${notices} points d’attention`
  if (errors === 0) return `Tout est en place : la certification peut commencer${noticed}.`
  const counted = errors === 1 ? 'Une erreur de configuration est à corriger' : `${errors} erreurs de configuration sont à corriger`
  return `${counted} avant de certifier${noticed}. Aucune n'est comptée comme une non-conformité du produit.`
}

/** The examination for a program. */
export function consultationJson({ target, file, outcomes, folder }: Consultation) {
  return {
    schemaVersion: 1,
    file,
    ...(target ? { product: target.product, baseUrl: target.baseUrl } : {}),
    exitCode: doctorExitCode(outcomes),
    ...(folder ? { folder } : {}),
    topics: outcomes.map(({ diagnoses, ...outcome }) => ({
      ...outcome,
      title: TOPICS[outcome.topic],
      diagnoses: diagnoses.map((diagnosis) => {
        const { title, why, change, products, source } = advice().get(diagnosis.id) ?? {}
        return { title, why, change, products, source, ...diagnosis }
      }),
    })),
  }
}

function whereIs(target: string, file: string): string {
  if (target === 'start') return 'la configuration du produit'
  return /^[A-Z_]+$/.test(target) ? target : `${file} → ${target}`
}

function seenOrTold({ state, seen }: TopicOutcome): boolean {
  return state !== 'unseen' || seen !== ''
}

function titleOf(id: Diagnosis['id']): string {
  return advice().get(id)?.title ?? id
}

function capital(sentence: string): string {
  return sentence.charAt(0).toLocaleUpperCase('fr') + sentence.slice(1)
}

/** Lines of at most so many characters; line breaks stay, long addresses are not cut. */
function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    // A narrow French space must not become a line break.
    for (const word of paragraph.split(/ (?![:;!?»])(?<!« )/)) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}
