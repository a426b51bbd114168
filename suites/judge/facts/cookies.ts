import { type Journal, observationsAt, of, type SeenCookie } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import type { Check, Lack } from './check.ts'

/** How the cookies that carry a session are protected (RFC 6265bis §4.1.2). */
export const COOKIE_FACTS = {
  'cookie-secure': (journal, _module, { redirectUri }) =>
    each(journal, 'Le cookie de session porte « Secure ».', ({ secure }) => secure || !redirectUri.startsWith('https:'), 'ne porte pas « Secure »'),

  'cookie-http-only': (journal) =>
    each(journal, 'Le cookie de session porte « HttpOnly ».', ({ httpOnly }) => httpOnly, 'est lisible par un script de la page (sans « HttpOnly »)'),

  'cookie-same-site': (journal) =>
    each(
      journal,
      'Le cookie de session ne suit pas les requêtes des autres sites (« SameSite » Lax ou Strict).',
      ({ sameSite }) => sameSite !== 'None',
      'suit les requêtes des autres sites (« SameSite=None »)',
    ),

  'cookie-host-only': (journal) =>
    each(
      journal,
      "Le cookie de session n'est envoyé qu'au produit lui-même.",
      ({ domain }) => domain === null,
      'est envoyé aussi aux autres hôtes du domaine',
    ),
} satisfies Partial<Record<Fact, Check>>

function each(journal: Journal, expected: string, holds: (cookie: SeenCookie) => boolean, breach: string): Lack | undefined {
  const look = observationsAt(journal, 'look').findLast(({ cookies }) => cookies !== undefined)
  const carriers = look?.cookies?.filter(({ carriesSession }) => carriesSession) ?? []
  if (!look || carriers.length === 0) {
    const why = of(journal, 'trouble')[0]?.sentence ?? 'Aucun cookie dont la session dépende n’a été trouvé.'
    return { expected, observed: why, unknown: true }
  }
  const wrong = carriers.filter((cookie) => !holds(cookie))
  if (wrong.length === 0) return undefined
  return { expected, observed: `Le cookie ${wrong.map(({ name }) => `« ${name} »`).join(', ')} ${breach}.`, entries: [look.seq] }
}
