import { type Exchange, type Journal, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { type Check, observationsIn } from './check.ts'

/** Two providers beside each other: what may not pass from one to the other. */
export const PROVIDERS_FACTS = {
  'nothing-leaked'(journal, { when }) {
    const expected = 'Ni le secret du client, ni un code, ni un jeton du premier fournisseur ne parvient au second.'
    const hostile = of(journal, 'exchange').filter(({ actor }) => actor === 'hostile')
    if (hostile.length === 0) return { expected, observed: "Le produit n'a rien demandé au second fournisseur.", unknown: true }
    const honest = issuedBy(journal)
    for (const exchange of hostile) {
      const text = sent(exchange)
      if (text.includes('‹secret du client›'))
        return { expected, observed: 'Le secret du client chez le premier fournisseur est parvenu au second.', entries: [exchange.seq] }
      const leaked = honest.find(({ digest }) => text.includes(digest))
      if (leaked)
        return {
          expected,
          observed: `${leaked.what} du premier fournisseur est parvenu au second (même empreinte).`,
          entries: [leaked.seq, exchange.seq],
        }
    }
    const trouble = of(journal, 'trouble')[0]
    // The first provider turning down an address that it does not know is one of the ways in which this attack ends.
    if (trouble && !(when.do === 'providers' && trouble.code === 'REQUEST_REFUSED')) return { expected, observed: trouble.sentence, unknown: true }
    return undefined
  },

  'own-identity'(journal, { when }) {
    const expected = 'Chaque onglet ne montre que le professionnel qui s’est authentifié, chez le fournisseur où il l’a fait.'
    const may = [when.persona, ...(when.do === 'providers' && when.other ? [when.other] : [])] as readonly string[]
    const looks = [...observationsIn(journal, 'a'), ...observationsIn(journal, 'b')]
    if (looks.length < 2) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Un onglet n'a pas pu être lu.", unknown: true }
    const stranger = looks.find(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable' && !may.includes(signedIn))
    if (stranger) return { expected, observed: `Un onglet montre une autre identité (« ${stranger.signedIn} »).`, entries: [stranger.seq] }
    const unreadable = looks.find(({ signedIn }) => signedIn === 'unreadable')
    if (unreadable) return { expected, observed: 'Un onglet ne dit pas qui est connecté.', entries: [unreadable.seq], unknown: true }
    const nobody = looks.every(({ signedIn }) => signedIn === null)
    if (nobody) return { expected, observed: 'Aucune des deux connexions n’a abouti.', entries: looks.map(({ seq }) => seq), unknown: true }
    return undefined
  },

  'two-accounts'(journal, { when }) {
    const expected = 'Le même sujet chez deux fournisseurs désigne deux comptes.'
    const other = when.do === 'providers' ? when.other : undefined
    const [first] = observationsIn(journal, 'a')
    const [second] = observationsIn(journal, 'b')
    if (first?.signedIn !== when.persona || !second || second.signedIn === 'unreadable')
      return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "L'une des deux connexions n'a pas pu être lue.", unknown: true }
    if (second.signedIn === other) return undefined
    if (second.signedIn === null)
      return { expected, observed: 'Le compte lié au second fournisseur ne peut pas se connecter.', entries: [second.seq], unknown: true }
    return { expected, observed: `Le second fournisseur ouvre le compte « ${second.signedIn} » du premier.`, entries: [first.seq, second.seq] }
  },
} satisfies Partial<Record<Fact, Check>>

/** All that a request carried, as one text. */
function sent({ url, params, requestHeaders }: Exchange): string {
  return `${url} ${JSON.stringify(params)} ${JSON.stringify(requestHeaders)}`
}

/** What the first provider issued in this flow, by its digest in the journal. */
function issuedBy(journal: Journal): { readonly what: string; readonly digest: string; readonly seq: number }[] {
  return of(journal, 'exchange')
    .filter(({ actor }) => actor === undefined)
    .flatMap(({ seq, site, responseHeaders, response }) => {
      const code = site === 'authorization' ? /[?&]code=(‹masqué [^›]+›)/.exec(decoded(responseHeaders['location'] ?? ''))?.[1] : undefined
      const token = site === 'token' ? (response as { access_token?: string } | undefined)?.access_token : undefined
      return [
        ...(code ? [{ what: "Le code d'autorisation", digest: code, seq }] : []),
        ...(token ? [{ what: "Le jeton d'accès", digest: token, seq }] : []),
      ]
    })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
