import { exchangesAt, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import type { JudgeContext } from '../judge.ts'
import { type Check, type Lack, last } from './check.ts'

/** What a bad network or a provider in trouble must not bring about. */
export const NETWORK_FACTS = {
  'answers-in-time'(journal, _module, context) {
    const expected = 'Le produit borne son attente : le professionnel reçoit une réponse, même quand le fournisseur se tait.'
    const silent = of(journal, 'trouble').find(({ code }) => code === 'TARGET_SILENT')
    if (silent)
      return witness(context, expected) ?? { expected, observed: `La page reste figée sur l'attente. ${silent.sentence}`, entries: [silent.seq] }
    return last(journal, 'after-login') ? undefined : { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
  },

  'clean-outcome'(journal, { when }, context) {
    const expected =
      'La connexion aboutit, ou elle est refusée par une page normale du produit : ni page blanche, ni erreur technique, ni page figée.'
    const look = last(journal, 'after-login')
    const trouble = of(journal, 'trouble')[0]
    const blind = witness(context, expected)
    if (blind) return blind
    if (trouble?.code === 'TARGET_SILENT') return { expected, observed: trouble.sentence, entries: [trouble.seq] }
    if (trouble) return { expected, observed: trouble.sentence, entries: [trouble.seq], unknown: true }
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    if (look.signedIn === when.persona) return undefined
    if (look.signedIn !== null && look.signedIn !== 'unreadable')
      return { expected, observed: 'La page montre une autre identité.', entries: [look.seq] }
    if ((look.httpStatus ?? 200) >= 500)
      return { expected, observed: `Le produit répond par une erreur technique (HTTP ${look.httpStatus}).`, entries: [look.seq] }
    if (look.text.trim().length < 15) return { expected, observed: 'Le professionnel voit une page vide.', entries: [look.seq] }
    return look.signedIn === null
      ? undefined
      : { expected, observed: "La page ne dit pas si quelqu'un est connecté.", entries: [look.seq], unknown: true }
  },

  'size-capped'(journal) {
    const expected = "Le produit cesse de lire une réponse démesurée, sans attendre qu'elle finisse."
    const ends = of(journal, 'provider-event').filter(({ event }) => event === 'answer-ended')
    if (ends.length === 0) return { expected, observed: 'La fin de la réponse démesurée est inconnue.', unknown: true }
    const whole = ends.find(({ detail }) => detail?.['by'] === 'provider')
    if (!whole) return undefined
    const read = Math.round(Number(whole.detail?.['bytes']) / 1_000_000)
    return { expected, observed: `Le produit a lu jusqu'au bout une réponse de ${read} Mo (${whole.detail?.['site']}).`, entries: [whole.seq] }
  },

  'redirect-not-followed'(journal) {
    const expected = "Un appel du serveur ne suit aucune redirection ni adresse que le fournisseur ne publie pas, et n'y porte rien."
    const calls = exchangesAt(journal, 'trap')
    const call = calls.find(({ requestHeaders }) => requestHeaders['authorization']) ?? calls.find(({ method }) => method === 'POST') ?? calls[0]
    if (!call) return undefined
    const carried = call.requestHeaders['authorization']?.split(' ')[0]
    const what = carried ? `avec ses identifiants (${carried})` : call.method === 'POST' ? 'en y envoyant de nouveau sa requête' : 'sans identifiants'
    return { expected, observed: `Le produit a appelé l'autre adresse, ${what}.`, entries: [call.seq] }
  },

  'secret-not-shown'(journal) {
    const expected = "La page d'erreur ne montre aucun secret du client."
    const look = of(journal, 'observation').find(({ text, refusal = '' }) => `${text}${refusal}`.includes('‹secret du client›'))
    return look && { expected, observed: 'La page montre le secret du client.', entries: [look.seq] }
  },

  'current-identity-shown'(journal, _module, context) {
    const changes = of(journal, 'fault-applied').flatMap((fault) => (fault.site === 'userinfo' ? fault.changes : []))
    const [after, before] = [
      changes.flatMap((change) => shownValues(change.path, change.after)),
      changes.flatMap((change) => shownValues(change.path, change.before)),
    ]
    const expected = `La page montre l'identité d'aujourd'hui${after.length > 0 ? ` (« ${after.join(' », « ')} »)` : ''}, non celle de la connexion précédente.`
    const look = last(journal, 'after-login')
    const blind = witness(context, expected)
    if (blind) return blind
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    if (look.signedIn === null)
      return { expected, observed: 'La connexion est refusée à un professionnel dont les données ont changé.', entries: [look.seq] }
    const old = before.find((value) => look.text.includes(value))
    if (old) return { expected, observed: `La page montre encore « ${old} ».`, entries: [look.seq] }
    const missing = after.find((value) => !look.text.includes(value))
    return missing === undefined ? undefined : { expected, observed: `La page ne montre pas « ${missing} ».`, entries: [look.seq] }
  },

  'code-presented-once'(journal) {
    const expected = "Le code n'est présenté qu'une fois, même quand la réponse tarde ou manque."
    const calls = exchangesAt(journal, 'token').filter(({ params }) => params['code'])
    if (calls.length === 0) return { expected, observed: "Le code n'a pas été présenté.", unknown: true }
    const again = calls.find(({ params, seq }) => calls.some((other) => other.seq < seq && other.params['code'] === params['code']))
    return again && { expected, observed: 'Le même code a été présenté deux fois au point de jeton.', entries: [again.seq] }
  },
} satisfies Partial<Record<Fact, Check>>

const SHOWN = /(?:^|\.)(?:given_name|family_name|raisonSocialeSite)$/

/** The names and places in a changed value: what a product shows of an identity. */
function shownValues(path: string, value: unknown): string[] {
  if (typeof value === 'string') return SHOWN.test(path) && value !== '' ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => shownValues(`${path}.${name}`, member))
}

/** What one login does under a fault says little of a product that cannot sign in without it. */
function witness({ control }: JudgeContext, expected: string): Lack | undefined {
  if (control === undefined || ['pass', 'warning'].includes(control.verdict)) return undefined
  return { expected, observed: `Le témoin « ${control.id} » n'est pas passé dans ce passage.`, unknown: true }
}
