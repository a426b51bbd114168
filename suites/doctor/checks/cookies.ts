import type { AdviceId } from '#core/requirement.ts'
import type { CookieSet, Hop } from '../evidence.ts'
import { type Check, type Found, landmarks } from '../found.ts'

/**
 * A cookie that was set on the way out and did not come back with the answer takes the state of the login with it (RFC 6265bis §5.8.3).
 * A product may set others that are not needed: they are only looked at when the login stopped here.
 */
export const cookies: Check = (evidence) => {
  const { callback, token, canary, refused, issued } = landmarks(evidence)
  const { hops } = evidence
  if (!callback || callback.status === null || refused) return {}
  const before = hops.slice(0, hops.indexOf(callback))
  const set = standing(before)
  if (canary) return { well: set.length > 0 ? `${names(set)} : posés avant le départ, rendus au retour.` : 'Aucun n’a manqué.' }
  if (issued) {
    const after = hops.slice(hops.indexOf(callback) + 1)
    const lost = standing([callback]).filter(({ cookie }) => after.length > 0 && !after.some((hop) => hop.cookies.includes(cookie.name)))
    const [first] = lost
    return first
      ? { found: [{ ...why(first, after[0] as Hop), seen: `${attributes(first.cookie)}, posé au retour, ne revient pas à ${after[0]?.url}.` }] }
      : { well: set.length > 0 ? `${names(set)} : rendus au retour.` : 'Aucun n’a manqué.' }
  }
  if (token) return { well: set.length > 0 ? `${names(set)} : rendus au retour.` : 'Aucun n’a manqué.' }
  if (set.length === 0 && callback.cookies.length === 0)
    return {
      found: [{ id: 'cookie-not-set', seen: 'le produit n’a posé aucun cookie avant d’envoyer le navigateur au fournisseur.' }],
    }
  const lost = set.filter(({ cookie }) => !callback.cookies.includes(cookie.name))
  if (lost.length === 0) return { well: `${names(set)} : rendus au retour.` }
  return { found: lost.slice(0, 2).map((one) => why(one, callback)) }
}

interface Standing {
  readonly cookie: CookieSet
  readonly by: Hop
}

function standing(hops: readonly Hop[]): Standing[] {
  const set = new Map<string, Standing>()
  for (const by of hops) {
    for (const cookie of by.setCookies) {
      if (cookie.removed) set.delete(cookie.name)
      else set.set(cookie.name, { cookie, by })
    }
  }
  return [...set.values()]
}

function names(set: readonly Standing[]): string {
  return set.map(({ cookie }) => cookie.name).join(', ')
}

/** The attribute for which a browser keeps a cookie back, in the order in which browsers look. */
export function why({ cookie, by }: Standing, to: Hop): Found {
  const [from, at] = [new URL(by.url), new URL(to.url)]
  const local = /^(localhost|127\.)/.test(from.hostname)
  const domain = cookie.domain?.replace(/^\./, '')
  const within = (host: string, wide: string) => host === wide || host.endsWith(`.${wide}`)
  const sameSite = cookie.sameSite?.toLowerCase()
  const reasons: readonly [boolean, AdviceId, string][] = [
    [domain !== undefined && !within(from.hostname, domain), 'cookie-domain', `son Domain n'est pas celui de ${from.hostname}`],
    [cookie.secure && from.protocol === 'http:' && !local, 'cookie-secure', `il est Secure, et ${from.origin} est en http`],
    [sameSite === 'none' && !cookie.secure, 'cookie-secure', 'SameSite=None demande Secure'],
    [!within(at.hostname, domain ?? from.hostname), 'cookie-host', `il appartient à ${domain ?? from.hostname}, et le retour va à ${at.hostname}`],
    [cookie.secure && at.protocol === 'http:' && !local, 'cookie-secure', `il est Secure, et ${at.origin} est en http`],
    [!withinPath(at.pathname, cookie.path ?? from.pathname.replace(/\/[^/]*$/, '/')), 'cookie-path', `son Path n'est pas celui de ${at.pathname}`],
    [sameSite === 'strict', 'cookie-samesite', 'SameSite=Strict le retient quand la navigation vient du fournisseur'],
    [to.method === 'POST' && sameSite !== 'none', 'cookie-samesite', 'un retour par formulaire (form_post) demande SameSite=None; Secure'],
  ]
  const [, id, because] = reasons.find(([holds]) => holds) ?? [true, 'cookie-lost' as const, 'le navigateur ne dit pas pourquoi']
  return { id, seen: `${attributes(cookie)} n'est pas revenu à ${to.url} : ${because}.` }
}

function withinPath(path: string, wide: string): boolean {
  return path === wide || path.startsWith(wide.endsWith('/') ? wide : `${wide}/`)
}

function attributes({ name, domain, path, sameSite, secure }: CookieSet): string {
  const told = [domain && `Domain=${domain}`, path && `Path=${path}`, sameSite && `SameSite=${sameSite}`, secure && 'Secure'].filter(Boolean)
  return `le cookie « ${name} » (${told.join('; ') || 'sans attribut'})`
}
