import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { Target } from '#core/target.ts'
import { VARIANTS, type VariantId } from '#core/variant.ts'
import type { ClientRegistration } from '#simulators/openid-provider/index.ts'

/** The product in one configuration: as its target file says, or as one of its variants. */
export interface Instance {
  /** The target file, with the client of this configuration. */
  readonly target: Target
  readonly variant?: VariantId
  readonly baseUrl: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri?: string
  readonly client: ClientRegistration
  /** Private key of a client that authenticates by it, when the harness made it (JWK). */
  readonly privateKey?: Readonly<Record<string, unknown>>
  /** More environment, from the variant. */
  readonly env: Readonly<Record<string, string>>
}

/** The configurations that a target file declares, the plain one first; ports, keys and secrets are chosen here, nothing is started. */
export async function planInstances(target: Target, targetFile: string): Promise<readonly [Instance, ...Instance[]]> {
  const variants: Instance[] = []
  for (const id of Object.keys(target.variants ?? {}) as VariantId[])
    variants.push(await planInstance(variant(target, targetFile, id), targetFile, id))
  return [await planInstance(target, targetFile), ...variants]
}

/** The target file as if it had been written for this variant. */
function variant(target: Target, targetFile: string, id: VariantId): Target {
  const { baseUrl, clientId, secretEnv } = target.variants?.[id] ?? {}
  if (!baseUrl && !target.start) {
    throw new HarnessError('TARGET_FILE_INVALID', `La variante « ${id} » n'a pas d'adresse, et HospiCert ne démarre pas ce produit.`, {
      fix: "Donnez l'adresse du produit ainsi configuré dans baseUrl, ou ajoutez une section start.",
      place: { file: targetFile, path: `variants.${id}.baseUrl` },
    })
  }
  const own = new URL(target.baseUrl)
  own.port = '0'
  const { secretEnv: _, ...client } = target.client
  return {
    ...target,
    baseUrl: baseUrl ?? own.origin,
    client: {
      ...client,
      ...VARIANTS[id].client,
      id: clientId ?? `${client.id}.${id}`,
      ...(secretEnv ? { secretEnv } : {}),
      ...(id === 'tls-client-auth' && !client.certificateSubject ? { certificateSubject: `CN=${client.id}.${id}` } : {}),
    },
  }
}

async function planInstance(target: Target, targetFile: string, id?: VariantId): Promise<Instance> {
  const { client } = target
  const baseUrl = await resolveBaseUrl(target, targetFile)
  const redirectUri = new URL(client.redirectUri, baseUrl).href
  const back = client.postLogoutRedirectUri
  const postLogoutRedirectUri = back === undefined ? undefined : new URL(back, baseUrl).href
  const whole = (uri: string) => new URL(uri, baseUrl).href
  const secret = secretOf(target, targetFile)
  const made = client.auth === 'private_key_jwt' && !client.jwksFile ? makeKey() : undefined
  return {
    target,
    ...(id ? { variant: id } : {}),
    baseUrl,
    redirectUri,
    ...(postLogoutRedirectUri ? { postLogoutRedirectUri } : {}),
    ...(made ? { privateKey: made.privateKey } : {}),
    env: id ? (target.variants?.[id]?.env ?? {}) : {},
    client: {
      id: client.id,
      auth: client.auth,
      redirectUris: [redirectUri],
      postLogoutRedirectUris: postLogoutRedirectUri ? [postLogoutRedirectUri] : [],
      ...(secret ? { secret } : {}),
      ...(client.backchannelLogoutUri ? { backchannelLogoutUri: whole(client.backchannelLogoutUri) } : {}),
      ...(client.frontchannelLogoutUri ? { frontchannelLogoutUri: whole(client.frontchannelLogoutUri) } : {}),
      ...(client.certificateSubject ? { certificateSubject: client.certificateSubject } : {}),
      ...(target.capabilities.includes('ciba') && !id ? { ciba: true } : {}),
      ...(client.idTokenAlg ? { idTokenAlg: client.idTokenAlg } : {}),
      ...(made ? { jwks: { keys: [made.publicKey] } } : keysOf(target, targetFile)),
      ...(client.auth === 'none' ? { origins: [new URL(baseUrl).origin] } : {}),
    },
  }
}

/** A key pair of this run, for a product that the harness starts. */
function makeKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' }
  return { privateKey: { ...privateKey.export({ format: 'jwk' }), ...named }, publicKey: { ...publicKey.export({ format: 'jwk' }), ...named } }
}

/** Public keys of the client, from the file that the target names. */
function keysOf({ client }: Target, targetFile: string): { readonly jwks?: { keys: Record<string, unknown>[] } } {
  if (!client.jwksFile) return {}
  const path = resolve(dirname(targetFile), client.jwksFile)
  try {
    return { jwks: JSON.parse(readFileSync(path, 'utf8')) }
  } catch (cause) {
    throw new HarnessError('TARGET_FILE_INVALID', `Le fichier de clés « ${path} » n'est pas du JSON.`, {
      fix: 'Donnez un jeu de clés publiques : { "keys": [ … ] } (RFC 7517).',
      place: { file: targetFile, path: 'client.jwksFile' },
      cause,
    })
  }
}

async function resolveBaseUrl(target: Target, targetFile: string): Promise<string> {
  const url = new URL(target.baseUrl)
  if (url.port !== '0') return url.origin
  if (!target.start) {
    throw new HarnessError('TARGET_FILE_INVALID', 'Le port 0 (« un port libre ») ne va qu’avec une section start.', {
      fix: 'Donnez le vrai port du produit dans baseUrl.',
      place: { file: targetFile, path: 'baseUrl' },
    })
  }
  url.port = String(await freePort())
  return url.origin
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

function secretOf(target: Target, targetFile: string): string | undefined {
  const { auth, secretEnv } = target.client
  if (!auth.startsWith('client_secret')) return undefined
  if (!secretEnv) return randomBytes(32).toString('base64url')
  const value = process.env[secretEnv]
  if (value) return value
  throw new HarnessError('SECRET_MISSING', `La variable d'environnement ${secretEnv}, qui doit porter le secret du client, est vide.`, {
    fix: `Exportez ${secretEnv}, ou retirez client.secretEnv si le produit est démarré par HospiCert.`,
    place: { file: targetFile, path: 'client.secretEnv' },
  })
}
