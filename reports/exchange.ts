import type { Entry, Exchange, Journal, Navigation, SeenCookie } from '#core/journal.ts'
import { diffLines } from './diff.ts'
import { cut, oneLine, plain } from './text.ts'
import { momentWord, signedInWord } from './words.ts'

/** One line of the readable sequence, with what a person may want to unfold under it. */
export interface Told {
  /** Place in the sequence, from 1. */
  readonly number: number
  readonly entry: Entry
  readonly line: string
  /** Parameters, in the order of the request. */
  readonly params: readonly (readonly [name: string, value: string])[]
  /** Further lines: a diff, a body, a text of the page. */
  readonly more: readonly string[]
}

/**
 * The journal as a sequence that can be read aloud, in the order of time: « 3. Produit → PSC POST …/token 200 (12 ms) ».
 * The bench hands in its own notes after the simulator's, so the order of recording is not the order of what happened.
 */
export function tell(journal: Journal): readonly Told[] {
  return journal
    .toSorted((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1))
    .map((entry, index) => ({ params: [], more: [], ...told(entry), number: index + 1, entry }))
}

/** The same as one text, for an attachment or a terminal. */
export function tellAsText(journal: Journal): string {
  return tell(journal)
    .map(({ number, line, params, more }) =>
      [`${number}. ${line}`, ...params.map(([name, value]) => `     ${name} = ${value}`), ...more.map((text) => `     ${text}`)].join('\n'),
    )
    .join('\n')
}

function told(entry: Entry): Pick<Told, 'line'> & Partial<Told> {
  switch (entry.kind) {
    case 'exchange':
      return { line: exchangeLine(entry), params: pairs(entry.params), more: outcome(entry) }
    case 'navigation':
      return { line: navigationLine(entry), more: entry.referer ? [`page d'origine : ${oneLine(entry.referer)}`] : [] }
    case 'fault-applied':
      return {
        line: `Simulateur : anomalie appliquée — ${oneLine(entry.title)} (${entry.site})`,
        more: entry.changes.flatMap((change) => diffLines(change)),
      }
    case 'scan':
      return {
        line: `Navigateur fouillé : ${entry.found.length === 0 ? 'aucun secret' : `${entry.found.length} secret(s) trouvé(s)`}`,
        more: [...entry.found.map(({ place, secret }) => `${secret} : ${place}`), `lieux : ${entry.places.join(', ')}`],
      }
    case 'fault-delivered':
      return { line: `Simulateur : anomalie remise ${entry.to === 'target' ? 'au produit' : 'au navigateur'} (${entry.fault})` }
    case 'observation':
      return {
        line: `Écran, ${momentWord(entry.moment)} : connecté(e) = ${signedInWord(entry.signedIn)}${entry.httpStatus === null ? '' : ` (HTTP ${entry.httpStatus})`}`,
        more: [
          oneLine(entry.url),
          entry.refusal ? `message affiché : ${oneLine(entry.refusal)}` : '',
          entry.injected ? "le texte piégé du banc s'est exécuté ou est devenu un élément de la page" : '',
          ...(entry.cookies ?? []).map((cookie) => cookieLine(cookie)),
          entry.exercises ? `situations d'exercice proposées : ${entry.exercises.map(oneLine).join(', ') || 'aucune'}` : '',
          cut(oneLine(entry.text), 300),
        ].filter(Boolean),
      }
    case 'action':
      return { line: `Banc : ${oneLine(entry.title)}`, params: pairs(entry.detail ?? {}) }
    case 'provider-event':
      return { line: `PSC : ${EVENTS[entry.event] ?? oneLine(entry.event)}`, params: pairs(entry.detail ?? {}) }
    case 'trouble':
      return { line: `Difficulté du banc : ${oneLine(entry.sentence)} (${entry.code})` }
  }
}

const EVENTS: Readonly<Record<string, string>> = {
  'session-opened': 'session ouverte chez le fournisseur',
  'session-ended': 'session fermée chez le fournisseur',
  'code-issued': "code d'autorisation émis",
  'tokens-issued': 'jetons émis',
  refused: 'demande refusée',
}

function exchangeLine({ channel, method, url, status, duration, site }: Exchange): string {
  const who = channel === 'browser' ? 'Navigateur' : channel === 'bench' ? 'Banc' : 'Produit'
  return `${who} → PSC ${oneLine(method)} ${place(url, site)} ${status} (${Math.round(duration)} ms)`
}

function navigationLine({ method, url, status, window }: Navigation): string {
  return `Navigateur${window ? ` (fenêtre ${window})` : ''} → produit ${oneLine(method)} ${cut(oneLine(url), 160)} ${status ?? 'sans réponse'}`
}

/** The end of a path is what tells endpoints apart. */
function place(url: string, site: string): string {
  const path = oneLine(url)
    .replace(/^[a-z]+:\/\/[^/]+/i, '')
    .replace(/[?#].*$/, '')
  const last = path.split('/').filter(Boolean).at(-1)
  return last ? `…/${cut(last, 60)}` : `…/ (${site})`
}

function outcome({ error, clientAuth, response }: Exchange): string[] {
  const body = typeof response === 'string' ? response : response === undefined ? '' : JSON.stringify(response)
  return [
    clientAuth ? `authentification du client : ${oneLine(clientAuth)}` : '',
    error ? `erreur OAuth : ${oneLine(error)}` : '',
    body ? `réponse : ${cut(oneLine(body), 1500)}` : '',
  ].filter(Boolean)
}

function pairs(members: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(members).map(([name, value]) => [oneLine(name), cut(plain(String(value)), 1500)])
}

/** A cookie by its name and protections. */
function cookieLine({ name, secure, httpOnly, sameSite, domain, carriesSession }: SeenCookie): string {
  const marks = [
    carriesSession ? 'porte la session' : '',
    secure ? 'Secure' : 'sans Secure',
    httpOnly ? 'HttpOnly' : 'sans HttpOnly',
    `SameSite=${sameSite}`,
    domain ?? '',
  ]
  return `cookie ${oneLine(name)} : ${marks.filter(Boolean).join(', ')}`
}
