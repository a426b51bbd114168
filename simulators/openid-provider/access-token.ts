import { randomUUID, sign } from 'node:crypto'
import type Provider from 'oidc-provider'
import type { SigningKey } from './keys.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Keycloak's access tokens are JWTs that userinfo accepts; the engine only makes them for resource servers, whose tokens userinfo
 * refuses. So the model is taught to hand out a signed JWT in place of its opaque value and to take it back.
 *
 * @param key signs them; clients treat access tokens as opaque, and no public source says with which algorithm the real ones are signed.
 * @returns the opaque value behind a JWT, for the endpoints that refuse structured tokens before looking them up.
 */
export function issueJwtAccessTokens(provider: Provider, key: SigningKey): (token: string) => string {
  const opaqueOf = new Map<string, { value: string; until: number }>()
  const Model = provider.AccessToken as unknown as {
    prototype: { save(ttl?: number): Promise<string> }
    find(value: string, options?: object): Promise<unknown>
  }
  const header = encode({ alg: key.alg, typ: 'JWT', kid: key.kid })
  const save = Model.prototype.save
  const find = Model.find
  const unwrap = (token: string) => opaqueOf.get(token)?.value ?? token

  Model.prototype.save = async function (this: Record<string, unknown>, ttl?: number) {
    const value = await save.call(this as never, ttl)
    const ctx = (provider.constructor as unknown as { ctx?: { oidc: { entities: Record<string, Record<string, unknown> | undefined> } } }).ctx
    const { AuthorizationCode, RefreshToken, BackchannelAuthenticationRequest } = ctx?.oidc.entities ?? {}
    const source = AuthorizationCode ?? RefreshToken ?? BackchannelAuthenticationRequest
    const now = Math.floor(Date.now() / 1000)
    const payload = {
      exp: now + Number(this['expiration'] ?? 120),
      iat: now,
      auth_time: source?.['authTime'],
      jti: randomUUID(),
      iss: provider.issuer,
      sub: this['accountId'],
      typ: 'Bearer',
      azp: this['clientId'],
      acr: source?.['acr'],
      scope: this['scope'],
      sid: this['sid'],
      ...(this['x5t#S256'] ? { cnf: { 'x5t#S256': this['x5t#S256'] } } : {}),
    }
    const input = `${header}.${encode(payload)}`
    const signature = sign(null, Buffer.from(input), key.privateKey)
    const token = `${input}.${signature.toString('base64url')}`
    opaqueOf.set(token, { value, until: payload.exp })
    if (opaqueOf.size % 512 === 0) for (const [old, { until }] of opaqueOf) if (until < now) opaqueOf.delete(old)
    return token
  }
  Model.find = function (this: unknown, value: string, options?: object) {
    return find.call(this as never, unwrap(value), options)
  }
  return unwrap
}
