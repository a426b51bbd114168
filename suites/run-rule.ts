import { breachOf, type Finding } from '#core/finding.ts'
import type { Journal } from '#core/journal.ts'
import type { Breach, Rule, RuleContext } from '#core/module.ts'
import type { UnitRecord } from '#core/record.ts'
import { variantOf } from '#core/variant.ts'
import { worst } from '#core/verdict.ts'
import { requirement } from '#fixtures/load.ts'
import { factsOf, type RunFacts } from './cast.ts'
import { strictest } from './judge/judge.ts'

/** The most breaches that a record lists; the rest is counted. */
const MOST = 20

function contextIn({ walletOrigin, clientId, redirectUri, scope, acrValues, target, baseUrl }: RunFacts): RuleContext {
  const second = target.secondProvider?.redirectUri
  const plain = { walletOrigin, clientId, redirectUri, scope, acrValues, clientAuth: target.client.auth }
  return second === undefined ? plain : { ...plain, secondRedirectUri: new URL(second, baseUrl).href }
}

/** Judges a rule on all journals of a run, by unit. Pure but for the clock. */
export function runRule(rule: Rule, journals: ReadonlyMap<string, Journal>, facts: RunFacts): UnitRecord {
  const startedAt = Date.now()
  const missing = rule.appliesTo.needs.find((capability) => !facts.target.capabilities.includes(capability))
  const breaches: (Breach & { unit?: string })[] = []
  let relevant = 0
  if (!missing) {
    for (const [unit, journal] of journals) {
      const found = rule.judge(journal, contextIn(factsOf(facts, variantOf(unit))))
      if (found === null) continue
      relevant++
      breaches.push(...found.map((breach) => ({ ...breach, unit })))
    }
    breaches.push(...(rule.judgeTogether?.([...journals.values()], contextIn(facts)) ?? []))
  }
  const findings: Finding[] = breaches.slice(0, MOST).map(({ unit, observed, ...breach }) => ({
    ...breach,
    observed: unit ? `${observed} (${unit})` : observed,
    verdict: breachOf(breach.requirement ? requirement(breach.requirement).level : strictest(rule.requirements.map((id) => requirement(id).level))),
  }))
  const why = missing && facts.target.notSupported?.[missing]
  const verdict = missing
    ? why
      ? 'inapplicable'
      : 'inconclusive'
    : relevant === 0
      ? rule.absence
        ? 'inapplicable'
        : 'inconclusive'
      : findings.length === 0
        ? 'pass'
        : worst(findings.map((finding) => finding.verdict))
  const count = breaches.length > 1 ? ` (${breaches.length} fois dans ce passage)` : ''
  const reason = missing
    ? `La cible ne déclare pas « ${missing} »${why ? ` : ${why}` : ', ni pourquoi.'}`
    : relevant === 0
      ? (rule.absence ?? "Aucun échange de ce passage ne permet d'en juger.")
      : (findings[0]?.observed ?? `Vérifié dans ${relevant} journaux du passage.`) + (findings.length > 0 ? count : '')
  return {
    id: rule.id,
    kind: 'rule',
    title: rule.title,
    requirements: rule.requirements,
    anchors: rule.anchors,
    catches: rule.catches,
    exclusive: null,
    verdict,
    reason,
    findings,
    expected: rule.title,
    mend: rule.mend,
    faults: [],
    startedAt: new Date(startedAt).toISOString(),
    duration: Date.now() - startedAt,
    worker: 0,
    evidence: { entries: 0, screenshots: [] },
  }
}
