import type { Transaction } from '../connector.ts'
import { type Defect, type Defects, NO_DEFECT } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import type { Metadata } from './metadata.ts'

/**
 * Checks the authorization response before anything is sent (RFC 9207 §2.4, OpenID Connect Core 1.0 §3.1.2.7) and returns its code.
 * A parameter that stands twice is refused (RFC 6749 §3.1).
 */
export function codeOf(response: URLSearchParams, transaction: Transaction, metadata: Metadata, defects: Defects): string {
  checkIssuer(one(response, 'iss', defects), metadata, defects)
  checkState(one(response, 'state', defects), transaction, defects)
  const error = one(response, 'error', defects)
  if (error !== undefined) throw refusalOf(error)
  const code = one(response, 'code', defects)
  if (!code && defects.has('sends-any-code')) return ''
  if (!code) throw new Refusal('untrusted', 'response.code')
  return code
}

/** The refusal that an error code of RFC 6749 §4.1.2.1 stands for. */
export function refusalOf(error: string): Refusal {
  if (error === 'access_denied') return new Refusal('cancelled', error)
  const known = /^[a-z_]{1,40}$/.test(error) ? error : 'response.error'
  return new Refusal(error === 'temporarily_unavailable' || error === 'server_error' ? 'unavailable' : 'provider-error', known)
}

const IGNORING: readonly Defect[] = ['ignores-response-iss', 'shared-redirect-without-iss', 'provider-in-session']

function checkIssuer(iss: string | undefined, metadata: Metadata, defects: Defects): void {
  if (IGNORING.some((defect) => defects.has(defect))) return
  if (iss === undefined) {
    if (metadata.authorization_response_iss_parameter_supported !== true || defects.has('ignores-missing-response-iss')) return
    throw new Refusal('untrusted', 'response.iss-missing')
  }
  if (iss !== metadata.issuer) throw new Refusal('untrusted', 'response.iss')
}

function checkState(state: string | undefined, transaction: Transaction, defects: Defects): void {
  if (defects.has('ignores-state')) return
  if (state === undefined && defects.has('ignores-missing-state')) return
  if (state !== transaction.state) throw new Refusal('untrusted', 'response.state')
}

function one(response: URLSearchParams, name: string, defects: Defects = NO_DEFECT): string | undefined {
  const values = response.getAll(name)
  if (values.length > 1 && !defects.has('takes-first-parameter')) throw new Refusal('untrusted', `response.${name}-repeated`)
  return values[0] || undefined
}
