import { exchange } from './exchange.ts'
import { verifyIdToken } from './id-token.ts'
import { type Professional, readProfessional } from './identity.ts'
import { client, metadata, publishedKeys, readUserinfo } from './provider.ts'
import { Refusal } from './refusal.ts'
import { LONGEST, type Session } from './session.ts'
import { has, json } from './settings.ts'

/** A login that may go on: the professional, what the session will hold, where to go. */
export interface Admitted {
  readonly professional: Professional
  readonly session: Omit<Session, 'exercise'>
  readonly tokens: Readonly<Record<string, string>>
  readonly returnTo: string | undefined
}

/** Brings the browser to the provider. */
export async function begin(returnTo: string | null): Promise<void> {
  await metadata()
  const request = await client.createSigninRequest({
    ...(has('no-nonce') ? {} : { nonce: random() }),
    state: { ...(returnTo === null ? {} : { returnTo }) },
  })
  location.replace(request.url)
}

/** From the answer in the address to a professional who has an account. Nothing is kept before the last check. */
export async function complete(arrived: URL): Promise<Admitted> {
  if (has('never-answers')) await new Promise(() => {})
  if (has('always-refuses')) throw new Refusal('provider', 'always-refuses')
  const { accessToken, idToken, nonce, returnTo } = await exchange(arrived)
  if (idToken === undefined && !has('ignores-missing-id-token')) throw new Refusal('untrusted', 'jeton.absent')
  const claims = idToken === undefined ? undefined : await verifyIdToken(idToken, publishedKeys, nonce, accessToken)
  const userinfo = await readUserinfo(accessToken, claims)
  const professional = readProfessional(userinfo)
  const { known } = await json<{ known: boolean }>(`/compte?identifiant=${encodeURIComponent(professional.idNat)}`)
  if (!known && !has('auto-creates-unknown-user')) throw new Refusal('unknown', 'compte')
  return {
    professional,
    session: { name: professional.name, until: Date.now() + LONGEST, ...(idToken ? { idToken } : {}) },
    tokens: { access_token: accessToken, ...(idToken ? { id_token: idToken } : {}) },
    returnTo,
  }
}

/** Brings the browser to the provider's sign-out. */
export async function signOut(idToken: string | undefined): Promise<void> {
  await metadata()
  const hint = has('logout-without-hint') ? undefined : idToken
  const request = await client.createSignoutRequest({ state: {}, ...(hint ? { id_token_hint: hint } : {}) })
  location.assign(request.url)
}

function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
