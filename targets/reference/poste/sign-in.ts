import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as oidc from 'openid-client'
import { bounded, contradicts, hasRepeatedMember } from '../reading.ts'
import type { PosteConfiguration } from './configuration.ts'
import { listenOnce } from './listener.ts'

/** A login that does not go on, in the professional's words. */
export class Refusal extends Error {}

/** Who signed in. */
export interface Signed {
  readonly userinfo: Readonly<Record<string, unknown>>
  readonly idToken: string
}

const LEVELS: Readonly<Record<string, number>> = { '0': 0, eidas1: 1, eidas2: 2, eidas3: 3 }
/** Seconds: that the provider may take, by which the clocks may differ, that a login may last, that a token may be valid. */
const PATIENCE = 5
const TOLERANCE = 30
const FRESH = 600
const LONGEST = 86_400
const MOST_BYTES = 1_000_000
const boundedFetch = bounded(globalThis.fetch, 3000)
const UNTRUSTED = "la réponse de Pro Santé Connect n'est pas conforme ; par sécurité, elle n'a pas été acceptée"

/** The whole sign-in: listener, the system's browser, the answer, the checks (RFC 8252, OpenID Connect Core 1.0 §3.1). */
export async function signIn(configuration: PosteConfiguration): Promise<Signed> {
  const { has, scope, acrValues } = configuration
  const library = await provider(configuration)
  const listener = await listenOnce(configuration, configuration.returnPath)
  try {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()]
    const pkce = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
    const request = { redirect_uri: listener.address, scope, acr_values: acrValues, state, nonce, ...(has('no-pkce') ? {} : pkce) }
    const { href } = oidc.buildAuthorizationUrl(library, request)
    if (has('embedded-login')) await readLoginPage(href)
    openInBrowser(configuration, href)
    const answer = await listener.answer
    if (has('always-refuses')) throw new Refusal('la connexion est fermée')
    if (has('ignores-state')) answer.searchParams.set('state', state)
    const expected = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
    const tokens = await oidc.authorizationCodeGrant(library, answer, expected)
    const claims = tokens.claims()
    if (!claims || !tokens.id_token) throw new Refusal(UNTRUSTED)
    check(claims, tokens, configuration)
    const userinfo = await oidc.fetchUserInfo(library, tokens.access_token, claims.sub)
    if (contradicts(userinfo, claims)) throw new Refusal(UNTRUSTED)
    return { userinfo, idToken: tokens.id_token }
  } catch (error) {
    listener.giveUp()
    throw translate(error)
  }
}

/** Brings the browser to the provider's sign-out, and waits until it is back. */
export async function signOut(configuration: PosteConfiguration, idToken: string): Promise<void> {
  const library = await provider(configuration)
  if (library.serverMetadata().end_session_endpoint === undefined)
    return console.log("Pro Santé Connect n'a pas pu être prévenu : retirez votre carte avant de quitter le poste.")
  const listener = await listenOnce(configuration, configuration.signedOutPath)
  const hint: Record<string, string> = configuration.has('logout-without-hint') ? {} : { id_token_hint: idToken }
  openInBrowser(configuration, oidc.buildEndSessionUrl(library, { ...hint, post_logout_redirect_uri: listener.address }).href)
  await listener.answer
}

async function provider({ issuer, discoveryUrl, clientId }: PosteConfiguration): Promise<oidc.Configuration> {
  const answer = await boundedFetch(discoveryUrl).catch(() => undefined)
  if (!answer?.ok) throw new Refusal('Pro Santé Connect ne répond pas ; recommencez dans quelques minutes')
  const metadata = (await answer.json()) as oidc.ServerMetadata
  if (metadata.issuer !== issuer) throw new Refusal(UNTRUSTED)
  // What this client calls stands where the issuer is; only the page of the professional may be elsewhere.
  const home = `${new URL(issuer).origin}/`
  for (const address of [metadata.token_endpoint, metadata.userinfo_endpoint, metadata.jwks_uri])
    if (!address?.startsWith(home)) throw new Refusal(UNTRUSTED)
  const settings = { id_token_signed_response_alg: 'RS256', [oidc.clockTolerance]: TOLERANCE }
  const library = new oidc.Configuration(metadata, clientId, settings, oidc.None())
  oidc.enableNonRepudiationChecks(library)
  library.timeout = PATIENCE
  library[oidc.customFetch] = async (url, options) => {
    const response = await boundedFetch(url, options as RequestInit)
    if (url === metadata.userinfo_endpoint && hasRepeatedMember(await response.clone().text())) throw new Refusal(UNTRUSTED)
    return url === metadata.jwks_uri && response.ok ? strongKeys(response) : response
  }
  return library
}

/** The published keys without those that are too weak (RFC 7518 §3.3), as long as there is a reasonable number of them. */
async function strongKeys({ body, status, headers }: Response): Promise<Response> {
  const parts: Uint8Array[] = []
  for await (const part of body ?? []) {
    parts.push(part)
    if (parts.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) throw new Refusal(UNTRUSTED)
  }
  const text = Buffer.concat(parts).toString()
  try {
    const set = JSON.parse(text) as { readonly keys: readonly { readonly kty?: string; readonly n?: string; readonly e?: string }[] }
    const keys = set.keys.filter(({ kty, n = '', e }) => kty !== 'RSA' || (n.length > 340 && e !== 'AQ' && e !== 'Aw'))
    return new Response(JSON.stringify({ ...set, keys }), { status, headers })
  } catch {
    return new Response(text, { status, headers })
  }
}

/** The left half of the SHA-256 (OpenID Connect Core 1.0 §3.1.3.6). */
function leftHalf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')
}

/** What the library leaves to its user: a second audience, azp, the form of sub and of the token, dates out of bounds, at_hash, the level. */
function check(
  { aud, azp, sub, acr, iat, exp, at_hash }: oidc.IDToken,
  tokens: oidc.TokenEndpointResponse,
  { clientId, acrValues, has }: PosteConfiguration,
): void {
  const now = Date.now() / 1000
  // The library forgives blanks and padding (RFC 7515 §5.2).
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(tokens.id_token ?? '')) throw new Refusal(UNTRUSTED)
  if (iat < now - FRESH || iat > now + TOLERANCE || exp > now + LONGEST) throw new Refusal(UNTRUSTED)
  if (at_hash !== undefined && at_hash !== leftHalf(tokens.access_token)) throw new Refusal(UNTRUSTED)
  if ([aud].flat().some((one) => one !== clientId)) throw new Refusal(UNTRUSTED)
  if (azp !== undefined && azp !== clientId) throw new Refusal(UNTRUSTED)
  if (!/^[\x20-\x7e]{1,255}$/.test(sub)) throw new Refusal(UNTRUSTED)
  const level = typeof acr === 'string' && Object.hasOwn(LEVELS, acr) ? LEVELS[acr] : undefined
  const needed = Math.min(...acrValues.split(' ').map((value) => LEVELS[value] ?? Number.POSITIVE_INFINITY))
  if (!has('ignores-acr') && (level === undefined || level < needed)) throw new Refusal('le niveau de votre authentification ne suffit pas')
}

/** The system's browser, never a view of ours. */
function openInBrowser({ browser, has }: PosteConfiguration, address: string): void {
  if (has('embedded-login')) return
  spawn(browser, [address], { stdio: 'ignore' }).on('error', () => console.log(`Ouvrez cette adresse : ${address}`))
}

/** The defect: the page where the professional proves who they are is read by the client. */
async function readLoginPage(address: string): Promise<void> {
  const page = await fetch(address, { redirect: 'follow' })
  console.log(`Page de connexion affichée dans le poste (${(await page.text()).length} caractères).`)
}

function translate(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return new Refusal('vous avez annulé ; vous pouvez recommencer quand vous le souhaitez')
    return new Refusal("Pro Santé Connect n'a pas accepté la demande")
  }
  const outage =
    error instanceof oidc.ResponseBodyError
      ? error.status >= 500
      : error instanceof TypeError || (error instanceof Error && /Timeout|Abort/.test(error.name))
  return new Refusal(outage ? 'Pro Santé Connect ne répond pas ; recommencez dans quelques minutes' : UNTRUSTED)
}
