import { exchangesAt, type Journal, type Observation, observationsAt, of } from '#core/journal.ts'
import type { Fact, Module } from '#core/module.ts'
import type { Check, Lack } from './check.ts'

/** The look after each login, or why one is missing. */
function looksOf(journal: Journal, { when }: Module, expected: string): readonly Observation[] | Lack {
  const looks = observationsAt(journal, 'after-login')
  const times = when.do === 'logins' ? when.times : 1
  const trouble = of(journal, 'trouble')[0]
  if (trouble) return { expected, observed: trouble.sentence, entries: [trouble.seq], unknown: true }
  const dark = looks.find(({ signedIn }) => signedIn === 'unreadable')
  if (dark) return { expected, observed: "La page du produit ne dit pas si quelqu'un est connecté.", entries: [dark.seq], unknown: true }
  if (looks.length < times) return { expected, observed: `${looks.length} connexion(s) sur ${times} ont pu être tentées.`, unknown: true }
  return looks
}

function isLack(found: readonly Observation[] | Lack): found is Lack {
  return 'expected' in found
}

function refusalIn({ refusal }: Observation): string {
  return refusal ? ` Le produit dit : « ${refusal.replaceAll(/\s+/g, ' ').slice(0, 160)} »` : ''
}

/** Several logins while keys, discovery or dates change; and what the target called meanwhile. */
export const KEY_FACTS = {
  'no-outbound-request'(journal) {
    const expected = "Le produit n'appelle aucune adresse que porte un jeton ou un document reçu."
    const calls = of(journal, 'exchange').filter(({ site }) => site === 'probe' || site === 'trap')
    if (calls.length === 0) return undefined
    return { expected, observed: `Le produit a appelé ${calls[0]?.url ?? ''}.`, entries: calls.map(({ seq }) => seq) }
  },

  'each-login-accepted'(journal, module) {
    const expected = 'Chaque connexion aboutit.'
    const looks = looksOf(journal, module, expected)
    if (isLack(looks)) return looks
    const index = looks.findIndex(({ signedIn }) => signedIn !== module.when.persona)
    const look = looks[index]
    if (!look) return undefined
    if (index === 0 && looks.length > 1)
      return { expected, observed: `La première connexion, honnête, n'aboutit pas.${refusalIn(look)}`, entries: [look.seq], unknown: true }
    return { expected, observed: `La connexion n° ${index + 1} n'aboutit pas.${refusalIn(look)}`, entries: [look.seq] }
  },

  'last-login-refused'(journal, module) {
    const expected = 'Les connexions honnêtes aboutissent ; la dernière est refusée.'
    const looks = looksOf(journal, module, expected)
    if (isLack(looks)) return looks
    const index = looks.slice(0, -1).findIndex(({ signedIn }) => signedIn !== module.when.persona)
    const before = looks[index]
    if (before)
      return { expected, observed: `La connexion n° ${index + 1}, honnête, n'aboutit pas.${refusalIn(before)}`, entries: [before.seq], unknown: true }
    const end = looks.at(-1)
    return end?.signedIn ? { expected, observed: 'La dernière connexion aboutit.', entries: [end.seq] } : undefined
  },

  'recovers-by-itself'(journal, module) {
    const expected = 'Pendant la panne, la connexion aboutit ou est refusée clairement ; ensuite elle aboutit.'
    const looks = looksOf(journal, module, expected)
    if (isLack(looks)) return looks
    const stranger = looks.find(({ signedIn }) => signedIn !== null && signedIn !== module.when.persona)
    if (stranger) return { expected, observed: 'Une autre identité est connectée.', entries: [stranger.seq] }
    const crashed = looks.find(({ signedIn, httpStatus }) => signedIn === null && (httpStatus ?? 0) >= 500)
    if (crashed) return { expected, observed: `Le produit répond par une erreur technique (HTTP ${crashed.httpStatus}).`, entries: [crashed.seq] }
    const end = looks.at(-1)
    return end && end.signedIn === null
      ? { expected, observed: `Après la panne, la connexion n'aboutit pas.${refusalIn(end)}`, entries: [end.seq] }
      : undefined
  },

  'keys-asked-sparingly'(journal, module) {
    const expected = 'Un kid inconnu fait relire les clés une fois au plus.'
    const looks = looksOf(journal, module, expected)
    if (isLack(looks)) return looks
    const reads = exchangesAt(journal, 'jwks')
    // One that the login may need in any case, one more for the unknown key.
    if (reads.length <= 2 * looks.length) return undefined
    return { expected, observed: `${reads.length} lectures des clés pour ${looks.length} connexions.`, entries: reads.map(({ seq }) => seq) }
  },

  'clock-tolerance'(journal, module) {
    const expected = "La tolérance d'horloge sur l'expiration ne dépasse pas quelques minutes."
    const looks = looksOf(journal, module, expected)
    if (isLack(looks)) return looks
    const applied = of(journal, 'fault-applied')
    const tolerated = looks.flatMap(({ signedIn }, index) => (signedIn === module.when.persona ? [applied[index]?.title ?? ''] : []))
    const end = looks.at(-1)
    if (end?.signedIn)
      return { expected, observed: `Un jeton expiré depuis un quart d'heure est accepté (${tolerated.join(' ; ')}).`, entries: [end.seq] }
    return {
      expected,
      observed:
        tolerated.length === 0
          ? 'Tolérance mesurée : moins de 30 secondes.'
          : `Tolérance mesurée, jetons encore acceptés : ${tolerated.join(' ; ')}.`,
      entries: looks.map(({ seq }) => seq),
      noted: true,
    }
  },

  's256-or-nothing'(journal) {
    const expected = "La demande porte un défi PKCE S256, ou le produit renonce : il n'accepte pas moins que convenu."
    const requests = exchangesAt(journal, 'authorization').filter(({ params }) => params['client_id'] !== undefined)
    const weak = requests.find(({ params }) => params['code_challenge_method'] !== 'S256')
    if (weak) return { expected, observed: `La demande porte « ${weak.params['code_challenge_method'] ?? 'aucun défi'} ».`, entries: [weak.seq] }
    return requests.length > 0 || observationsAt(journal, 'after-login').length > 0
      ? undefined
      : { expected, observed: "Aucune demande d'autorisation n'a été vue.", unknown: true }
  },

  'configured-addresses'(journal, _module, { walletOrigin }) {
    const expected = "Le produit lit le document qu'on lui a désigné, et suit les adresses qui y figurent."
    const read = exchangesAt(journal, 'discovery')
    if (read.length === 0) return { expected, observed: "Le produit n'a pas lu de document de découverte pendant cette connexion.", unknown: true }
    const missed = read.find(({ status }) => status !== 200)
    if (missed) return { expected, observed: `Le produit demande un document qui n'existe pas (${missed.url}).`, entries: [missed.seq] }
    const request = exchangesAt(journal, 'authorization')[0]
    if (!request) return { expected, observed: "Aucune demande d'autorisation n'a été vue.", unknown: true }
    return request.url.startsWith(walletOrigin)
      ? undefined
      : { expected, observed: `La demande part à ${request.url}, que le document désigné ne donne pas.`, entries: [request.seq] }
  },
} satisfies Partial<Record<Fact, Check>>
