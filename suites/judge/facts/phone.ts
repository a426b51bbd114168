import { type Exchange, exchangesAt, type Journal, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { type Check, last, observationsIn } from './check.ts'

/** Milliseconds by which a poll may seem early: the product counts from its own clock, the recorder from the arrival. */
const TOLERANCE = 150
/** Seconds that slow_down adds (OpenID CIBA Core 1.0 §11), and the interval when none is declared (§7.3). */
const SLOWER = 5
const DEFAULT_INTERVAL = 5
/** Answers after which a product has nothing more to ask. */
const FINAL = ['access_denied', 'expired_token', 'invalid_grant', 'transaction_failed']

/** Signing in by phone (OpenID CIBA Core 1.0, poll mode). */
export const PHONE_FACTS = {
  'phone-request-complete'(journal) {
    const expected = 'La demande porte login_hint, binding_message (deux chiffres), scope et acr_values.'
    const [request] = requests(journal)
    if (!request) return { expected, observed: "Le produit n'a envoyé aucune demande au fournisseur.", unknown: true }
    const { params } = request
    const missing = ['login_hint', 'scope', 'acr_values', 'binding_message'].filter((name) => !params[name])
    if (missing.length > 0) return { expected, observed: `La demande ne porte pas ${missing.join(' ni ')}.`, entries: [request.seq] }
    if (!params['scope']?.split(' ').includes('scope_all'))
      return { expected, observed: `La demande porte scope=${params['scope']}.`, entries: [request.seq] }
    return undefined
  },

  'binding-shown'(journal) {
    const expected = "Le code envoyé au téléphone (binding_message) se lit à l'écran, à l'identique."
    const [request] = requests(journal)
    const look = last(journal, 'waiting')
    if (!request || !look) return { expected, observed: "L'écran d'attente n'a pas été lu.", unknown: true }
    const message = request.params['binding_message'] ?? ''
    if (!/^\d\d$/.test(message)) return { expected, observed: `Le code envoyé est « ${message} », et non deux chiffres.`, entries: [request.seq] }
    const shown = new RegExp(`(?<!\\d)${message}(?!\\d)`).test(look.text)
    return shown ? undefined : { expected, observed: `Le code « ${message} » ne se lit pas à l'écran.`, entries: [request.seq, look.seq] }
  },

  'binding-varies'(journal) {
    const expected = "Le code envoyé au téléphone change d'une demande à l'autre."
    const messages = requests(journal).map(({ params }) => params['binding_message'] ?? '')
    if (messages.length < 3) return { expected, observed: `Le produit n'a envoyé que ${messages.length} demande(s).`, unknown: true }
    if (new Set(messages).size > 1) return undefined
    return { expected, observed: `Les ${messages.length} demandes portent le même code « ${messages[0]} ».` }
  },

  'interval-respected'(journal) {
    const [request] = requests(journal)
    const asked = polls(journal)
    let interval = Number((request?.response as { interval?: number } | undefined)?.interval ?? DEFAULT_INTERVAL)
    const expected = `Entre deux appels passent au moins ${interval} s, et ${SLOWER} s de plus après chaque slow_down.`
    if (asked.length < 2)
      return { expected, observed: `Le produit n'a appelé que ${asked.length} fois : il n'y a pas d'intervalle à mesurer.`, unknown: true }
    for (const [index, poll] of asked.entries()) {
      const next = asked[index + 1]
      if (poll.error === 'slow_down') interval += SLOWER
      if (!next) break
      const waited = sentAt(next) - sentAt(poll)
      if (waited >= interval * 1000 - TOLERANCE) continue
      return {
        expected,
        observed: `Le produit a rappelé après ${(waited / 1000).toFixed(1)} s au lieu de ${interval} s.`,
        entries: [poll.seq, next.seq],
      }
    }
    return undefined
  },

  'polling-stops'(journal) {
    const expected = 'Après un refus ou une expiration, le produit ne rappelle plus pour cette demande.'
    const asked = polls(journal)
    const end = asked.find(({ error }) => error !== undefined && FINAL.includes(error))
    if (!end) return { expected, observed: "Le produit n'a pas rappelé jusqu'à la réponse définitive.", unknown: true }
    const more = asked.filter(({ seq, params }) => seq > end.seq && params['auth_req_id'] === end.params['auth_req_id'])
    if (more.length === 0) return undefined
    return { expected, observed: `Le produit a rappelé ${more.length} fois après « ${end.error} ».`, entries: [end, ...more].map(({ seq }) => seq) }
  },

  'second-request-held'(journal) {
    const expected = "Une seconde demande pour le même professionnel, depuis un autre poste, est refusée ou signalée à l'écran."
    const [, second] = of(journal, 'observation').filter(({ moment }) => moment === 'waiting')
    if (!second) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Le second écran n'a pas été lu.", unknown: true }
    if (requests(journal).length < 2 || second.refusal) return undefined
    return { expected, observed: 'Les deux demandes sont parties vers le téléphone, sans un mot sur le second écran.', entries: [second.seq] }
  },

  'screen-stays-closed'(journal, { when }) {
    const expected = "Une approbation qui arrive après l'abandon de l'écran n'ouvre pas de session sur ce poste."
    const approved = of(journal, 'provider-event').find(({ event }) => event === 'phone-approved')
    const look = last(journal, 'protected-page')
    if (!approved || !look || look.signedIn === 'unreadable')
      return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "L'approbation ou la page n'a pas pu être observée.", unknown: true }
    if (look.signedIn === null) return undefined
    return {
      expected,
      observed: `Le poste abandonné montre « ${look.signedIn} » connecté(e), sans que personne n'y soit (${when.persona}).`,
      entries: [approved.seq, look.seq],
    }
  },

  'not-crossed'(journal, { when }) {
    const expected = "L'approbation d'une demande ne connecte que le poste qui l'a faite."
    const approved = of(journal, 'provider-event').find(({ event }) => event === 'phone-approved')
    const looks = observationsIn(journal, 'b')
    if (!approved || looks.length === 0 || looks.some(({ signedIn }) => signedIn === 'unreadable'))
      return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "L'autre poste n'a pas pu être observé.", unknown: true }
    const opened = looks.find(({ signedIn }) => signedIn !== null)
    return opened ? { expected, observed: `L'autre poste montre « ${when.persona} » connecté(e).`, entries: [approved.seq, opened.seq] } : undefined
  },
} satisfies Partial<Record<Fact, Check>>

/** Milliseconds since the epoch: the interval counts from the instant when a poll is sent (§7.3). */
function sentAt({ at, duration }: Exchange): number {
  return Date.parse(at) - duration
}

/** Requests that reached the provider, refused ones included. */
function requests(journal: Journal): Exchange[] {
  return exchangesAt(journal, 'ciba')
}

/** Calls for the answer of the phone, in order. */
function polls(journal: Journal): Exchange[] {
  return exchangesAt(journal, 'token').filter(({ params }) => params['grant_type'] === 'urn:openid:params:grant-type:ciba')
}
