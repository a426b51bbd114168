import type { KoaContextWithOIDC } from 'oidc-provider'
import { leadsTo } from '#core/redirect.ts'
import { escapeHtml } from './wallet.ts'

/** The answer that goes back to the product through the browser: by redirection, or by a form that sends itself (form_post). */
export interface Returned {
  readonly params: Readonly<Record<string, string>>
  /** Where it goes, parameters of a redirection included. */
  readonly url: URL
  /** It goes in a form that is posted, not in an address. */
  readonly posted: boolean
  /** Puts other parameters in their place. */
  replace(params: URLSearchParams): void
}

const FIELD = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g

/** Is this answer the way back to the product, and not a hop inside the provider? */
export function returnedBy(ctx: KoaContextWithOIDC): Returned | undefined {
  const { client } = ctx.oidc ?? {}
  const ours = [...(client?.redirectUris ?? []), ...(client?.postLogoutRedirectUris ?? [])]
  const location = String(ctx.res.getHeader('location') ?? '')
  if (location && ctx.status >= 300 && ctx.status < 400) {
    if (!ours.some((uri) => leadsTo(location, uri))) return undefined
    const url = new URL(location)
    return {
      params: Object.fromEntries(url.searchParams),
      url,
      posted: false,
      replace(params) {
        url.search = params.toString()
        ctx.set('location', url.href)
      },
    }
  }
  if (ctx.oidc?.params?.['response_mode'] !== 'form_post' || typeof ctx.body !== 'string') return undefined
  const { body } = ctx
  const action = decodeEntities(/<form method="post" action="([^"]*)"/.exec(body)?.[1] ?? '')
  if (!ours.includes(action)) return undefined
  const params = Object.fromEntries([...body.matchAll(FIELD)].map(([, name = '', value = '']) => [name, decodeEntities(value)]))
  const url = new URL(action)
  url.search = new URLSearchParams(params).toString()
  return {
    params,
    url,
    posted: true,
    replace(changed) {
      const fields = [...changed].map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}"/>`)
      ctx.body = body.replace(FIELD, '').replace(/(<form method="post" action="[^"]*">)/, `$1${fields.join('')}`)
    },
  }
}

function decodeEntities(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal: string, hex: string, name: string) =>
    decimal ? String.fromCodePoint(Number(decimal)) : hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (named[name] ?? all),
  )
}
