import { allFaults } from '#core/fault.ts'
import type { Finding } from '#core/finding.ts'
import { breachOf } from '#core/finding.ts'
import { type Journal, of } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import type { Judging } from '#core/record.ts'
import type { Level, RequirementId } from '#core/requirement.ts'
import { type Verdict, worst } from '#core/verdict.ts'
import { judgeAccepted } from './accepted.ts'
import { judgeFacts } from './facts.ts'
import { judgeRefused } from './refused.ts'

/** What a judgement may know beside the journal. */
export interface JudgeContext extends Judging {
  readonly levelOf: (requirement: RequirementId) => Level
  readonly fullNames: ReadonlyMap<string, string>
  /** The control of this run; undefined when the module needs none. */
  readonly control: { readonly id: string; readonly verdict: Verdict } | undefined
}

/** Verdict, the one sentence that gives its reason, and the findings behind it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly reason: string
  readonly findings: readonly Finding[]
}

/**
 * Judges a journal. Pure: an old run can be judged again. Nothing passes by default: without a control that passed, a fault that
 * was delivered and a page that could be read, the answer is `inconclusive`.
 */
export function judge(module: Module, journal: Journal, context: JudgeContext): Judgement {
  const simulator = of(journal, 'trouble').find(({ code }) => code === 'SIMULATOR')
  if (simulator) return { verdict: 'error', reason: simulator.sentence, findings: [] }
  const inert = of(journal, 'trouble').find(({ code }) => code.startsWith('FAULT_'))
  if (inert) return { verdict: 'inconclusive', reason: inert.sentence, findings: [] }
  const rendering = of(journal, 'trouble').find(({ code }) => code === 'NEEDS_RENDERING')
  if (rendering) return { verdict: 'inconclusive', reason: rendering.sentence, findings: [] }
  const breach = breachOf(strictest(module.requirements.map(context.levelOf)))
  const { then } = module
  const findings: Finding[] = []
  if (then.expect === 'accepted') findings.push(...judgeAccepted(module, journal, breach, context))
  else if (then.expect === 'refused') findings.push(...judgeRefused(module, then.leaving, journal, breach, context))
  else if (then.expect === 'attested') {
    return { verdict: 'review', reason: `Une personne doit répondre : ${then.question}`, findings: [] }
  }
  if (then.expect === 'observed') {
    const { control } = context
    // What the honest twin does not do proves nothing when it is not done under a fault either.
    if (module.control && control && !['pass', 'warning'].includes(control.verdict))
      findings.push({
        verdict: 'inconclusive',
        expected: `Le témoin « ${control.id} » passe dans ce passage.`,
        observed: `Rien n'est prouvé : le témoin « ${control.id} » n'est pas passé dans ce passage.`,
      })
    const served = new Set(of(journal, 'fault-delivered').map(({ fault }) => fault))
    const faults = allFaults(module.faults)
    // A token of the new key was served: not to read the published keys again is then the product's own doing.
    const newKeyUsed = faults.some(({ id, site }) => site === 'id_token.key' && served.has(id))
    const missing = faults.find(({ id, site }) => !served.has(id) && !(site === 'jwks' && newKeyUsed))
    if (missing)
      findings.push({
        verdict: 'inconclusive',
        expected: `Le produit rencontre : ${missing.title}.`,
        observed: "L'anomalie n'a pas été servie au produit : elle ne prouve rien.",
      })
  }
  const facts = then.expect === 'observed' ? then.facts : (then.also ?? [])
  findings.push(...judgeFacts(facts, module, journal, breach, context))
  const verdict = findings.length === 0 ? 'pass' : worst(findings.map((finding) => finding.verdict))
  const cause = findings.find((finding) => finding.verdict === verdict)
  return { verdict, reason: cause ? cause.observed : passed(module), findings }
}

function passed(module: Module): string {
  switch (module.then.expect) {
    case 'refused':
      return "L'anomalie a été délivrée et le produit l'a refusée : aucune session, aucun appel interdit ; le témoin honnête était passé."
    case 'accepted':
      return 'Le professionnel attendu est connecté.'
    default:
      return 'Tous les faits attendus ont été observés.'
  }
}

/** The level of a unit: that of its strictest requirement. */
export function strictest(levels: readonly Level[]): Level {
  return levels.includes('doit') ? 'doit' : levels.includes('recommandé') ? 'recommandé' : 'peut'
}
