import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import type { DpiConfiguration } from '../configuration.ts'
import type { Defects } from '../defects.ts'

/**
 * Authenticates the client at the token endpoint by the one agreed method (OpenID Connect Core 1.0 §9): headers to send, and
 * parameters added to the form. With Basic, id and secret are form-encoded first (RFC 6749 §2.3.1).
 */
export async function authenticate({ client, issuer }: DpiConfiguration, form: URLSearchParams, defects: Defects): Promise<Record<string, string>> {
  const swapped = defects.has('swaps-client-auth')
  const both = defects.has('two-client-authentications')
  const basic = client.auth === 'client_secret_basic' ? !swapped : client.auth === 'client_secret_post' && swapped
  const post = client.auth === 'client_secret_post' ? !swapped : client.auth === 'client_secret_basic' && swapped
  if (!basic) form.set('client_id', client.id)
  if (post || both) form.set('client_secret', client.secret)
  if (client.auth === 'private_key_jwt' && client.key) {
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    form.set('client_assertion', await assertion(client.id, client.key, issuer, defects))
  }
  if (!basic && !both) return {}
  return { authorization: `Basic ${Buffer.from(`${formEncode(client.id)}:${formEncode(client.secret)}`).toString('base64')}` }
}

async function assertion(clientId: string, jwk: Readonly<Record<string, unknown>>, issuer: string, defects: Defects): Promise<string> {
  const alg = String(jwk['alg'] ?? 'RS256')
  const header = { alg, ...(typeof jwk['kid'] === 'string' ? { kid: jwk['kid'] } : {}) }
  const audience = defects.has('assertion-for-several') ? [issuer, 'https://autre-fournisseur.test'] : issuer
  const token = new SignJWT({ jti: randomUUID() }).setProtectedHeader(header).setIssuer(clientId).setSubject(clientId).setAudience(audience)
  return token
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(defects.has('lasting-assertion') ? '1 day' : '60s')
    .sign(await importJWK(jwk, alg))
}

function formEncode(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
