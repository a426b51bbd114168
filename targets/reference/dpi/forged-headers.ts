import type { Request } from 'express'
import type { Defects } from './defects.ts'

/** Headers by which a proxy in front of an application says who its client is; anybody can send them where no proxy takes them away. */
const USER = ['x-forwarded-user', 'x-remote-user', 'remote-user', 'x-auth-request-user']
const CERTIFICATE = ['x-ssl-client-s-dn', 'x-client-cert', 'x-forwarded-client-cert', 'ssl-client-cert']

/** The national identifier that a careless DPI reads in them; undefined for an honest one, which reads none of them (RFC 9700 §4.13). */
export function forgedIdentity(request: Request, defects: Defects): string | undefined {
  const names = [...(defects.has('trusts-user-header') ? USER : []), ...(defects.has('trusts-certificate-header') ? CERTIFICATE : [])]
  return names.map((name) => /\d{8,}|ANS\d+/.exec(request.get(name) ?? '')?.[0]).find(Boolean)
}

/** The return address as a careless DPI builds it from what the client says of the way it came. */
export function forgedAddress(address: string, request: Request, defects: Defects): string {
  const url = new URL(address)
  const forwarded = request.get('forwarded') ?? ''
  const host = request.get('x-forwarded-host') ?? /host="?([^;,"]+)/i.exec(forwarded)?.[1]
  const proto = request.get('x-forwarded-proto') ?? /proto=(\w+)/i.exec(forwarded)?.[1]
  if (defects.has('trusts-forwarded-host') && host) url.host = host
  if (defects.has('trusts-forwarded-proto') && proto) return url.href.replace(/^https?:/, `${proto}:`)
  return url.href
}
