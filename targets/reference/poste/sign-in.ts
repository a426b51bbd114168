import { spawn } from 'node:child_process'
import * as oidc from 'openid-client'
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
    check(claims, configuration)
    return { userinfo: await oidc.fetchUserInfo(library, tokens.access_token, claims.sub), idToken: tokens.id_token }
  } catch (error) {
    listener.giveUp()
    throw translate(error)
  }
}

/** Brings the browser to the provider's sign-out, and waits until it is back. */
export async function signOut(configuration: PosteConfiguration, idToken: string): Promise<void> {
  const library = await provider(configuration)
  const listener = await listenOnce(configuration, configuration.signedOutPath)
  const hint: Record<string, string> = configuration.has('logout-without-hint') ? {} : { id_token_hint: idToken }
  openInBrowser(configuration, oidc.buildEndSessionUrl(library, { ...hint, post_logout_redirect_uri: listener.address }).href)
  await listener.answer
}

async function provider({ issuer, discoveryUrl, clientId }: PosteConfiguration): Promise<oidc.Configuration> {
  const answer = await fetch(discoveryUrl).catch(() => undefined)
  if (!answer?.ok) throw new Refusal('Pro Santé Connect ne répond pas ; recommencez dans quelques minutes')
  const metadata = (await answer.json()) as oidc.ServerMetadata
  if (metadata.issuer !== issuer) throw new Refusal(UNTRUSTED)
  const settings = { id_token_signed_response_alg: 'RS256', [oidc.clockTolerance]: 30 }
  const library = new oidc.Configuration(metadata, clientId, settings, oidc.None())
  oidc.enableNonRepudiationChecks(library)
  return library
}

/** What the library leaves to its user: a second audience, azp, the form of sub, the level. */
function check({ aud, azp, sub, acr }: oidc.IDToken, { clientId, acrValues, has }: PosteConfiguration): void {
  if (!has('ignores-multiple-aud') && [aud].flat().some((one) => one !== clientId)) throw new Refusal(UNTRUSTED)
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
  const outage = error instanceof oidc.ResponseBodyError ? error.status >= 500 : error instanceof TypeError
  return new Refusal(outage ? 'Pro Santé Connect ne répond pas ; recommencez dans quelques minutes' : UNTRUSTED)
}
