import type { Browser } from 'playwright'
import type { Driver, DriverContext } from '#core/driver.ts'
import { allFaults } from '#core/fault.ts'
import type { FaultApplied, Journal } from '#core/journal.ts'
import { of } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import type { Plan, UnitKind } from '#core/plan.ts'
import type { Judging, UnitRecord } from '#core/record.ts'
import type { PersonaId } from '#core/requirement.ts'
import type { Step } from '#core/scenario.ts'
import type { VariantId } from '#core/variant.ts'
import type { Verdict } from '#core/verdict.ts'
import { fullName, persona, personas, requirement } from '#fixtures/load.ts'
import { type Cast, factsOf, journalFile, type RunFacts } from './cast.ts'
import { renderingNeededBy } from './engine.ts'
import { type JudgeContext, type Judgement, judge } from './judge/judge.ts'
import { play } from './play/verbs.ts'
import type { Scene } from './play/window.ts'
import { reason } from './recipe-driver.ts'

/** What units are run with, in one worker. */
export interface Bench {
  readonly cast: Cast
  readonly browser: Browser
  /** A real browser for the units that need one, when `browser` is none. */
  readonly rendered?: () => Promise<Browser>
  readonly driver: Driver
  readonly context: DriverContext
  readonly plan: Plan
  readonly worker: number
  /** Cookies for the target, and a name that keeps controls of different defects apart. */
  readonly cookies?: Scene['cookies']
  readonly world?: string
  /** False when nobody will look at them. */
  readonly pictures?: boolean
  /** Called with the journal of each scene that was played. */
  readonly onJournal?: (unit: string, journal: Journal) => void
}

let flows = 0

/**
 * Runs one module or row: waits for its turn, sees to its control, plays the scene in a flow of its own, judges the journal.
 * Trouble of our own is a record with the verdict `error`; nothing is thrown for what the target does.
 */
export async function runUnit(plainBench: Bench, kind: UnitKind, module: Module): Promise<UnitRecord> {
  const startedAt = Date.now()
  const bench = module.variant ? onVariant(plainBench, module.variant) : plainBench
  const none = inapplicable(bench, module)
  if (none) return record(bench, kind, module, startedAt, [], none, undefined)
  const { trouble } = module.variant ? await bench.cast.ready(module.variant) : {}
  if (trouble) return record(bench, kind, module, startedAt, [], notReady(trouble), undefined)
  const control =
    module.control && module.control !== module.id ? { id: module.control, verdict: await controlVerdict(bench, module.control) } : undefined
  const played = await perform(bench, module)
  const judgement = played.error ?? judge(module, played.journal, judgeContext(bench, control))
  const result = record(bench, kind, module, startedAt, played.journal, judgement, control)
  if (module.control === undefined || module.control === module.id) await bench.cast.settleControl(worldly(bench, module.id), result.verdict)
  return result
}

/** The bench in front of the product configured otherwise. */
function onVariant(bench: Bench, variant: VariantId): Bench {
  const facts = { ...factsOf(bench.cast.facts, variant), timeout: bench.cast.facts.timeout }
  return { ...bench, cast: { ...bench.cast, facts }, context: { ...bench.context, baseUrl: facts.baseUrl } }
}

function notReady(trouble: string): Judgement {
  return { verdict: 'inconclusive', reason: `Le produit n'a pas pu être préparé dans cette configuration : ${trouble}`, findings: [] }
}

/** The verdict of a control in this run: played once, by whoever needs it first. */
async function controlVerdict(bench: Bench, id: string): Promise<Verdict> {
  const claim = await bench.cast.claimControl(worldly(bench, id))
  if (claim !== 'yours') return claim
  const unit = bench.plan.units.find((candidate) => candidate.id === id)
  if (!unit || unit.kind === 'rule') throw new Error(`the control ${id} is not a module of the plan`)
  const { journal, error } = await perform(bench, { ...unit.module, id: `${id}@temoin` })
  const { verdict } = error ?? judge(unit.module, journal, judgeContext(bench, undefined))
  await bench.cast.settleControl(worldly(bench, id), verdict)
  return verdict
}

function worldly({ world }: Bench, id: string): string {
  return world ? `${world}:${id}` : id
}

async function perform(bench: Bench, module: Module): Promise<{ journal: Journal; error?: Judgement }> {
  const { cast } = bench
  const needed = bench.rendered && renderingNeededBy(module)
  let browser = bench.browser
  if (needed && bench.rendered) {
    try {
      browser = await bench.rendered()
    } catch (cause) {
      return { journal: [], error: withoutBrowser(needed, cause) }
    }
  }
  const turn = await cast.takeTurn(module.when.persona, module.exclusive)
  const flow = `f${bench.worker}-${process.pid}-${++flows}`
  const scene: Scene = {
    unit: bench.world ? `${bench.world}.${module.id}` : module.id,
    flow,
    browser,
    driver: bench.driver,
    facts: cast.facts,
    context: bench.context,
    pictures: bench.pictures ?? true,
    notes: [],
    ...(bench.cookies ? { cookies: bench.cookies } : {}),
  }
  try {
    await cast.openFlow({
      id: flow,
      unit: scene.unit,
      faults: module.faults?.op ?? [],
      ...(module.faults?.hostile ? { hostile: module.faults.hostile } : {}),
      ...(module.when.do === 'providers' && module.when.other ? { other: module.when.other } : {}),
      ...(module.when.do === 'phone' ? { phone: module.when.phone } : {}),
      persona: module.when.persona,
      means: module.when.means,
      clientId: cast.facts.clientId,
      ...(module.exclusive === 'simulator' ? { alone: true } : {}),
    })
    let error: Judgement | undefined
    try {
      await play(scene, module.when, cast)
    } catch (cause) {
      error = { verdict: 'error', reason: `Le banc n'a pas pu jouer ce module : ${reason(cause)}`, findings: [] }
    }
    if (scene.notes.length > 0) await cast.append(flow, scene.notes)
    const journal = await cast.read(flow)
    bench.onJournal?.(module.id, journal)
    return error ? { journal, error } : { journal }
  } finally {
    await cast.closeFlow(flow)
    await turn.release()
  }
}

function withoutBrowser(needed: string, cause: unknown): Judgement {
  const why = cause instanceof Error ? cause.message : String(cause)
  return { verdict: 'inconclusive', reason: `Cette épreuve demande un vrai navigateur (${needed}), et il n'y en a pas : ${why}`, findings: [] }
}

/** A capability that the target does not have makes a unit inapplicable, if the target says why; else the question stays open. */
function inapplicable({ cast }: Bench, { appliesTo, when }: Module): Judgement | undefined {
  const { target } = cast.facts
  const missing = appliesTo.needs.find((capability) => !target.capabilities.includes(capability))
  if (missing) {
    const why = target.notSupported?.[missing]
    if (why) return { verdict: 'inapplicable', reason: `La cible ne déclare pas « ${missing} » : ${why}`, findings: [] }
    return {
      verdict: 'inconclusive',
      reason: `La cible ne déclare ni la capacité « ${missing} » ni, dans notSupported, pourquoi elle ne l'a pas.`,
      findings: [],
    }
  }
  const others = when.do === 'scenario' ? when.steps.flatMap((step) => peopleOf(step)) : []
  const absent = [when.persona, ...others].find((one) => !target.personas[one])
  if (absent === undefined) return undefined
  return {
    verdict: 'inconclusive',
    reason: `La cible ne déclare pas la personne « ${absent} » : ajoutez-la à personas, avec le texte qui la fait reconnaître.`,
    findings: [],
  }
}

/** Professionals that a gesture needs beside the persona of the unit. */
function peopleOf(step: Step): readonly PersonaId[] {
  return 'as' in step && step.as ? [step.as] : []
}

function judgeContext({ cast }: Pick<Bench, 'cast'>, control: JudgeContext['control']): JudgeContext {
  return contextOf(judgingOf(cast.facts), control)
}

/** What the checks compare with, as the run record keeps it. */
export function judgingOf({ redirectUri, postLogoutRedirectUri, walletOrigin, second, target, variants }: RunFacts): Judging {
  const refusalDeclared = typeof target.driver !== 'string' && target.driver.refusal !== undefined
  const others =
    variants && Object.keys(variants).length > 0
      ? Object.fromEntries(Object.entries(variants).map(([id, facts]) => [id, addresses(facts)]))
      : undefined
  return {
    redirectUri,
    ...(postLogoutRedirectUri ? { postLogoutRedirectUri } : {}),
    walletOrigin,
    refusalDeclared,
    ...(second ? { second: { redirectUri: second.redirectUri, walletOrigin: second.walletOrigin } } : {}),
    ...(others ? { variants: others } : {}),
  }
}

function addresses({ redirectUri, postLogoutRedirectUri }: RunFacts): Pick<Judging, 'redirectUri' | 'postLogoutRedirectUri'> {
  return { redirectUri, ...(postLogoutRedirectUri ? { postLogoutRedirectUri } : {}) }
}

/** The context of a judgement, from what was kept of the run and the control's verdict. */
export function contextOf(judging: Judging, control: JudgeContext['control']): JudgeContext {
  return {
    ...judging,
    levelOf: (id) => requirement(id).level,
    fullNames: new Map([...personas()].map(([id, value]) => [id, fullName(value)])),
    control,
  }
}

function record(
  bench: Bench,
  kind: UnitKind,
  module: Module,
  startedAt: number,
  journal: Journal,
  judgement: Judgement,
  control: UnitRecord['control'],
): UnitRecord {
  const applied = of(journal, 'fault-applied')
  const delivered = new Set(of(journal, 'fault-delivered').map(({ fault }) => fault))
  const looks = of(journal, 'observation')
  const risk = bench.cast.facts.target.acceptedRisks?.[module.id]
  const refusal = module.then.expect === 'refused'
  return {
    id: module.id,
    kind,
    title: module.title,
    requirements: module.requirements,
    anchors: module.anchors,
    catches: module.catches,
    exclusive: module.exclusive ?? null,
    verdict: judgement.verdict,
    reason: judgement.reason,
    findings: judgement.findings,
    expected: expectation(module),
    mend: module.mend,
    faults: allFaults(module.faults).map(({ id, title, site }) => ({
      id,
      title,
      site,
      delivered: delivered.has(id),
      changes: applied.filter(({ fault }: FaultApplied) => fault === id).flatMap(({ changes }) => changes),
    })),
    ...(control ? { control } : {}),
    ...(refusal
      ? {
          canary: {
            persona: module.when.persona,
            seen: looks.some(({ needles, window }) => window !== 'a' && needles.includes(module.when.persona)),
          },
        }
      : {}),
    startedAt: new Date(startedAt).toISOString(),
    duration: Date.now() - startedAt,
    worker: bench.worker,
    evidence: {
      ...(journal.length > 0 ? { journal: journalFile(module.id) } : {}),
      entries: journal.length,
      screenshots: looks.flatMap(({ screenshot, moment }) => (screenshot ? [{ path: screenshot, moment, title: MOMENTS[moment] ?? moment }] : [])),
    },
    ...(risk ? { acceptedRisk: risk } : {}),
  }
}

const MOMENTS: Readonly<Record<string, string>> = {
  'after-login': 'Après le retour du fournisseur',
  'after-cancel': "Après l'annulation",
  'after-retry': 'Après la nouvelle tentative',
  'after-sign-out': 'Après la déconnexion',
  'protected-page': 'La page protégée, rouverte',
}

function expectation({ then, when }: Module): string {
  const who = fullName(persona(when.persona))
  switch (then.expect) {
    case 'accepted':
      return `« ${who} » se connecte et le produit montre son identité.`
    case 'refused':
      return `La connexion de « ${who} » est refusée : aucune session${then.leaving.includes('no-token-call') ? ', aucun échange de code' : ''}${then.leaving.includes('no-userinfo-call') ? ', aucun appel à UserInfo' : ''}.`
    case 'observed':
      return 'Les faits suivants sont observés dans les échanges et dans les pages.'
    case 'attested':
      return then.question
  }
}
