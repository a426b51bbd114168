import type { Json } from '#core/fault.ts'
import type { Revocation } from './authority.ts'

/** Who signs: the responder, the authority itself, one whose certificate allows no such thing, or a stranger with the right name only. */
export type RevocationSigner = 'responder' | 'authority' | 'not-allowed' | 'stranger'

/** The answer of the OCSP responder before it is written; faults of site `card.revocation` bend it. Times in seconds since 1970. */
export interface OcspState {
  readonly http: number
  readonly type: string
  /** OCSPResponseStatus by its number (RFC 6960 §4.2.1): 0 successful, 1 malformedRequest, 2 internalError, 3 tryLater, 6 unauthorized. */
  readonly response: number
  readonly status: 'good' | 'revoked' | 'unknown'
  readonly producedAt: number
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly signer: RevocationSigner
  /** The certificate that the answer is about: the one asked for, or another. */
  readonly about: 'asked' | 'other'
  /** The nonce of the question comes back, or another one. */
  readonly nonce: 'asked' | 'other'
  /** Milliseconds that it waits. */
  readonly delay: number
}

/** The revocation list before it is written. */
export interface CrlState {
  readonly http: number
  readonly type: string
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly signer: 'authority' | 'stranger'
  /** Certificates of nobody that make it long. */
  readonly padding: number
  readonly delay: number
}

/** What an honest responder would say now. `now` in milliseconds. */
export function honestOcsp(status: 'good' | 'unknown' | Revocation, now: number): OcspState & { readonly [key: string]: Json } {
  const second = Math.floor(now / 1000)
  return {
    http: 200,
    type: 'application/ocsp-response',
    response: 0,
    status: typeof status === 'string' ? status : 'revoked',
    producedAt: second,
    thisUpdate: second - 60,
    nextUpdate: second + 3600,
    signer: 'responder',
    about: 'asked',
    nonce: 'asked',
    delay: 0,
  }
}

export function honestCrl(now: number): CrlState & { readonly [key: string]: Json } {
  const second = Math.floor(now / 1000)
  return { http: 200, type: 'application/pkix-crl', thisUpdate: second - 60, nextUpdate: second + 86_400, signer: 'authority', padding: 0, delay: 0 }
}
