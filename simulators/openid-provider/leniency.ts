import type Provider from 'oidc-provider'
import type { ClientMetadata, KoaContextWithOIDC } from 'oidc-provider'
import { metadata } from './engine.ts'
import type { ClientRegistration, OpProfile } from './profile.ts'

/**
 * What the provider lets pass once the doctor has noted it, so that one misconfiguration does not hide the next one. Never part of a
 * judged run: nothing but the doctor asks for it.
 */
export interface Leniency {
  /** The client as the product believes that it is registered. */
  readonly client?: ClientRegistration
  /** Origin to which answers are carried, whatever origin was asked for: the browser would find nobody at the other. */
  readonly returnTo?: string
  readonly anySecret?: boolean
  /** Scopes beside those of the profile. */
  readonly scopes?: readonly string[]
}

type LenientClient = { compareClientSecret(secret: string): boolean }

/** How the running provider is made lenient. A call replaces what the one before allowed, scopes excepted. */
export function createLeniency(provider: Provider, profile: OpProfile): (leniency: Leniency) => void {
  let returnTo: string | undefined
  const known = provider.Client.find.bind(provider.Client)
  provider.use(async (context, next) => {
    await next()
    if (returnTo === undefined) return
    const ctx = context as unknown as KoaContextWithOIDC
    const location = String(ctx.res.getHeader('location') ?? '')
    const asked = ctx.oidc?.params?.['redirect_uri']
    if (typeof asked !== 'string' || !location.startsWith(asked)) return
    const { pathname, search } = new URL(location)
    ctx.set('location', returnTo + pathname + search)
  })
  return ({ client, anySecret, scopes = [], returnTo: origin }) => {
    returnTo = origin
    const allowed = profile.scopes as string[]
    allowed.push(...scopes.filter((scope) => !allowed.includes(scope)))
    if (!client) return
    const Client = provider.Client as unknown as new (metadata: ClientMetadata) => LenientClient
    const lenient = new Client(metadata(client))
    if (anySecret) lenient.compareClientSecret = () => true
    provider.Client.find = async (id: string) => (id === client.id ? (lenient as never) : known(id))
  }
}
