import { allFaults } from '#core/fault.ts'
import type { Finding } from '#core/finding.ts'
import { type Journal, of } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import type { Verdict } from '#core/verdict.ts'
import type { JudgeContext } from './judge.ts'

/** The expected professional, and nobody else, is signed in after the login; faults that are tolerances were delivered. */
export function judgeAccepted(module: Module, journal: Journal, breach: Verdict, _context: JudgeContext): Finding[] {
  const { persona } = module.when
  const expected = `Le professionnel « ${persona} » est connecté dans le produit.`
  const delivered = new Set(of(journal, 'fault-delivered').map(({ fault }) => fault))
  const missing = allFaults(module.faults).find(({ id }) => !delivered.has(id))
  const look = of(journal, 'observation').find(({ moment }) => moment === 'after-login')
  const trouble = of(journal, 'trouble')[0]
  if (look?.signedIn !== null && look?.signedIn !== undefined && look.signedIn !== 'unreadable' && look.signedIn !== persona) {
    const who = look.signedIn === 'someone-else' ? "quelqu'un que la cible ne reconnaît pas (texte attendu absent)" : `« ${look.signedIn} »`
    return [{ verdict: breach, expected, observed: `La page montre ${who} au lieu de « ${persona} ».`, entries: [look.seq] }]
  }
  // A target that refuses at the first tolerance never asks for the next one.
  // Keys and discovery may have been kept from an earlier login: then the refusal is about something else.
  const kept = missing?.site === 'jwks' || missing?.site === 'discovery'
  if (missing && (kept || delivered.size === 0 || look?.signedIn !== null))
    return [{ verdict: 'inconclusive', expected, observed: `La variante à tolérer n'a pas été servie (${missing.title}).` }]
  if (trouble?.code === 'NO_AUTHORIZATION_REQUEST' || trouble?.code === 'REQUEST_REFUSED') {
    return [{ verdict: breach, expected, observed: trouble.sentence, entries: [trouble.seq] }]
  }
  if (trouble) return [{ verdict: 'inconclusive', expected, observed: trouble.sentence, entries: [trouble.seq] }]
  if (!look) return [{ verdict: 'inconclusive', expected, observed: "La page du produit n'a pas été lue." }]
  if (look.signedIn === 'unreadable') {
    return [{ verdict: 'inconclusive', expected, observed: "La page du produit ne dit pas si quelqu'un est connecté.", entries: [look.seq] }]
  }
  if (look.signedIn === null) {
    const said = look.refusal ? ` Le produit dit : « ${look.refusal.replaceAll(/\s+/g, ' ').slice(0, 200)} »` : ''
    return [{ verdict: breach, expected, observed: `Une connexion qui devait aboutir est refusée.${said}`, entries: [look.seq] }]
  }
  return []
}
