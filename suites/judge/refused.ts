import { allFaults, compose } from '#core/fault.ts'
import type { Finding } from '#core/finding.ts'
import { exchangesAt, type Journal, type Observation, of } from '#core/journal.ts'
import type { Leaving, Module } from '#core/module.ts'
import { leadsTo } from '#core/redirect.ts'
import type { Verdict } from '#core/verdict.ts'
import type { JudgeContext } from './judge.ts'

/**
 * A refusal is proven by three things together: the honest twin passed in this run, the fault reached the target, and afterwards
 * nobody is signed in at two looks. Who appears signed in after a delivered fault is a breach, whatever the rest says.
 */
export function judgeRefused(module: Module, leaving: readonly Leaving[], journal: Journal, breach: Verdict, context: JudgeContext): Finding[] {
  const undelivered = missingDelivery(module, journal, context)
  const expected = 'Le produit refuse la connexion : aucune session ouverte, aucun appel privilégié.'
  if (undelivered) return [{ verdict: 'inconclusive', expected, observed: undelivered }]
  const looks = of(journal, 'observation').filter(({ moment, window }) => (moment === 'after-login' || moment === 'protected-page') && window !== 'a')
  const opened = looks.find(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable')
  if (opened && leaving.includes('no-session')) {
    const who = opened.signedIn === 'someone-else' ? 'une personne inattendue' : `« ${opened.signedIn} »`
    return [
      {
        verdict: breach,
        expected,
        observed: `Malgré l'anomalie${received(journal)}, la page du produit montre ${who} connecté(e).`,
        entries: [opened.seq],
      },
    ]
  }
  if (opened && leaving.includes('no-identity')) return [identity(module, looks, opened, breach)]
  const findings: Finding[] = [...forbiddenCalls(leaving, journal, breach)]
  if (findings.length > 0) return findings
  if (context.control === undefined || !['pass', 'warning'].includes(context.control.verdict)) {
    const { control } = context
    const why = control ? `le témoin « ${control.id} » n'est pas passé dans ce passage` : "aucun témoin n'a été joué"
    return [{ verdict: 'inconclusive', expected, observed: `Le refus ne prouve rien : ${why}.` }]
  }
  const silent = of(journal, 'trouble')[0]
  if (silent) return [{ verdict: 'inconclusive', expected, observed: silent.sentence, entries: [silent.seq] }]
  const unreadable = looks.find(({ signedIn }) => signedIn === 'unreadable')
  if (unreadable) {
    return [
      {
        verdict: 'inconclusive',
        expected,
        observed: `La page du produit ne dit pas si quelqu'un est connecté (${unreadable.url}).`,
        entries: [unreadable.seq],
      },
    ]
  }
  for (const moment of ['after-login', 'protected-page']) {
    if (!looks.some((look) => look.moment === moment))
      return [{ verdict: 'inconclusive', expected, observed: `La page du produit n'a pas été relue (${moment}).` }]
  }
  return intelligible(journal, context)
}

/**
 * Why the fault cannot be said to have reached the target. The first fault of the pipeline must have; the later ones need not: a
 * target that stops at the first never asks for them. On the front channel, the browser must have carried it.
 */
function missingDelivery(module: Module, journal: Journal, { redirectUri: first, second }: JudgeContext): string | undefined {
  const redirectUri =
    module.faults?.hostile && module.when.do === 'providers' && module.when.scene === 'second' ? (second?.redirectUri ?? first) : first
  const delivered = new Set(of(journal, 'fault-delivered').map(({ fault }) => fault))
  const arrivals = of(journal, 'navigation').filter(({ url, window }) => leadsTo(url, redirectUri) && window !== 'a')
  const [fault] = firstOf(module)
  if (fault) {
    if (!of(journal, 'fault-applied').some((entry) => entry.fault === fault.id)) {
      return `L'anomalie n'a jamais été appliquée : le produit n'a pas demandé ce que le simulateur devait altérer (${fault.site}).`
    }
    if (!delivered.has(fault.id)) return "L'anomalie n'a pas atteint le produit : la réponse altérée n'a pas été lue."
    if (fault.site === 'authorization.response' && arrivals.length === 0 && !halted(journal))
      return "Le navigateur n'a pas porté la réponse altérée au produit."
  }
  if (
    module.when.do === 'phone' &&
    module.when.phone.answer === 'deny' &&
    !exchangesAt(journal, 'token').some(({ error }) => error === 'access_denied')
  )
    return "Le produit n'a pas appris le refus du professionnel."
  if (module.when.do === 'providers' && module.when.scene === 'mix-up' && arrivals.length === 0 && !halted(journal))
    return "Le retour du premier fournisseur n'a pas atteint le produit."
  // A product keeps keys and discovery: what it did not read again proves nothing.
  const unread = (module.faults?.op ?? []).find(
    ({ id, site, edits }) => !delivered.has(id) && (site === 'jwks' || edits.some((edit) => 'on' in edit && edit.on === 'jwks')),
  )
  if (unread) return `Le produit n'a pas relu les clés du fournisseur : « ${unread.title} » ne lui a pas été servi.`
  if (module.when.do === 'login' && module.when.carriedOver && arrivals.length === 0 && !halted(journal)) {
    return "La réponse interceptée n'a pas atteint le produit dans l'autre navigateur."
  }
  return undefined
}

/** The faults in the order of the pipeline; those of the second provider first, since a scene with two begins there. */
function firstOf({ faults }: Module) {
  return faults?.hostile ? compose(...faults.hostile) : compose(...allFaults(faults))
}

/** A session was opened: under the identity that should not have been used, or without it. */
function identity({ when }: Module, looks: readonly Observation[], opened: Observation, breach: Verdict): Finding {
  const expected = "Le produit n'utilise rien de l'identité reçue avec l'anomalie."
  const used = looks.find(({ needles }) => needles.includes(when.persona))
  if (used)
    return {
      verdict: breach,
      expected,
      observed: `La page du produit montre l'identité « ${when.persona} », reçue avec l'anomalie.`,
      entries: [used.seq],
    }
  return {
    verdict: breach === 'fail' ? 'warning' : breach,
    expected,
    observed: "Une session est ouverte sans l'identité ; le professionnel n'y est pas nommé.",
    entries: [opened.seq],
  }
}

/** What exactly was accepted: the values that the product received, beside the honest ones. */
function received(journal: Journal): string {
  const [applied] = of(journal, 'fault-applied')
  const told = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value).slice(0, 80))
  const changes = (applied?.changes ?? []).map(({ path, before, after }) => `${path} reçu : ${told(after)} au lieu de ${told(before)}`)
  return changes.length > 0 ? ` (${changes.slice(0, 3).join(' ; ')})` : ''
}

function halted(journal: Journal): boolean {
  return of(journal, 'trouble').length > 0
}

function forbiddenCalls(leaving: readonly Leaving[], journal: Journal, breach: Verdict): Finding[] {
  const first = of(journal, 'fault-delivered')[0]?.seq ?? 0
  const forbidden = [
    { rule: 'no-token-call', site: 'token', words: "échangé le code d'autorisation" },
    { rule: 'no-userinfo-call', site: 'userinfo', words: "appelé UserInfo avec le jeton d'accès" },
  ] as const
  return forbidden
    .filter(({ rule }) => leaving.includes(rule))
    .flatMap(({ site, words }) => {
      const calls = exchangesAt(journal, site, 'any').filter(({ seq }) => seq > first)
      if (calls.length === 0) return []
      return [
        {
          verdict: breach,
          expected: `Après l'anomalie, le produit n'appelle plus le fournisseur (${site}).`,
          observed: `Le produit a ${words} après avoir reçu l'anomalie.`,
          entries: calls.map(({ seq }) => seq),
        },
      ]
    })
}

/** A refusal that the professional can understand is recommended, not required: an empty or purely technical page is a warning. */
function intelligible(journal: Journal, { refusalDeclared, walletOrigin }: JudgeContext): Finding[] {
  const look = of(journal, 'observation').find(({ moment, window }) => moment === 'after-login' && window !== 'a')
  if (!look || look.url.startsWith(walletOrigin)) return []
  const blank = look.text.trim().length < 15
  const mute = refusalDeclared && !look.refusal && !blank
  if (!blank && !mute && (look.httpStatus ?? 0) < 500) return []
  const observed = blank
    ? 'La connexion est bien refusée, mais le professionnel voit une page vide.'
    : mute
      ? "La connexion est bien refusée, mais aucun message de refus n'est montré au professionnel."
      : `La connexion est bien refusée, mais le produit répond par une erreur technique (HTTP ${look.httpStatus}).`
  return [
    {
      verdict: 'warning',
      requirement: 'psc@2026-11/refusal-intelligible',
      expected: 'Le professionnel lit pourquoi sa connexion est refusée et quoi faire.',
      observed,
      entries: [look.seq],
    },
  ]
}
