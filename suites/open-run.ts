import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { Json } from '#core/fault.ts'
import type { Target } from '#core/target.ts'
import { persona, personas, read } from '#fixtures/load.ts'
import { type Account, type ClientRegistration, type OpProfile, startOpenIdProvider } from '#simulators/openid-provider/index.ts'
import { openLocalCa } from '#simulators/wire/local-ca.ts'
import type { FoundBrowser } from './browser.ts'
import type { Cast, RunFacts } from './cast.ts'
import { createLocalCast, createStage, type Stage } from './local-cast.ts'
import { probe, startProduct } from './product.ts'

/** A run whose actors are on stage: simulators listening, product answering. */
export interface OpenRun {
  readonly cast: Cast
  readonly facts: RunFacts
  readonly stage: Stage
  close(): Promise<void>
}

export interface OpenRunOptions {
  readonly target: Target
  readonly targetFile: string
  /** Folder of this run; made if missing. */
  readonly folder: string
  /** Folder of the local certificate authority, kept between runs. */
  readonly pki: string
  readonly browser: FoundBrowser
  /** More environment for the product (our reference reads its defects there). */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts the simulated provider, then the product if its file says how, and checks that it answers.
 * @throws HarnessError for a port, a product or a secret that is not there.
 */
export async function openRun({ target, targetFile, folder, pki, browser, env = {} }: OpenRunOptions): Promise<OpenRun> {
  mkdirSync(folder, { recursive: true })
  const stage = createStage(folder)
  const ca = await openLocalCa(pki, Date.now())
  const profile = read<OpProfile>('federations/psc/profile.json')
  const baseUrl = await resolveBaseUrl(target, targetFile)
  const origin = new URL(baseUrl)
  const redirectUri = new URL(target.client.redirectUri, baseUrl).href
  const back = target.client.postLogoutRedirectUri
  const postLogoutRedirectUri = back === undefined ? undefined : new URL(back, baseUrl).href
  const secret = secretOf(target, targetFile)
  const client: ClientRegistration = {
    id: target.client.id,
    auth: target.client.auth,
    redirectUris: [redirectUri],
    postLogoutRedirectUris: postLogoutRedirectUri ? [postLogoutRedirectUri] : [],
    ...(secret ? { secret } : {}),
    ...(target.client.certificateSubject ? { certificateSubject: target.client.certificateSubject } : {}),
    ...keysOf(target, targetFile),
    ...(target.client.auth === 'none' ? { origins: [origin.origin] } : {}),
  }
  const provider = await startOpenIdProvider({
    profile,
    accounts: accounts(),
    client,
    ports: target.simulator?.ports ?? { wallet: 19443, auth: 19444 },
    ca,
    book: stage.book,
    mask: stage.mask,
  })
  const local = target.start && !/^(localhost|[\d.]+)$/.test(origin.hostname) ? { [origin.hostname]: '127.0.0.1' } : {}
  const hosts = { [profile.hosts.wallet]: '127.0.0.1', [profile.hosts.auth]: '127.0.0.1', ...local, ...target.hosts }
  const scope = target.client.scope ?? 'openid scope_all'
  const acrValues = target.client.acrValues ?? 'eidas1'
  const closing: (() => Promise<void>)[] = [() => provider.close()]
  const close = async () => {
    for (const end of closing.toReversed()) await end()
    stage.files.flush()
  }
  try {
    if (target.start) {
      const tls = origin.protocol === 'https:' ? await ca.issueServer([origin.hostname]) : undefined
      const product = await startProduct({
        target,
        targetFile,
        folder,
        baseUrl,
        hosts,
        mask: stage.mask,
        env: {
          HOSPICERT_ISSUER: provider.issuer,
          HOSPICERT_DISCOVERY_URL: target.simulator?.discovery === 'standard' ? provider.standardDiscoveryUrl : provider.discoveryUrl,
          HOSPICERT_CLIENT_ID: client.id,
          HOSPICERT_CLIENT_AUTH: client.auth,
          HOSPICERT_REDIRECT_URI: redirectUri,
          HOSPICERT_SCOPE: scope,
          HOSPICERT_ACR_VALUES: acrValues,
          HOSPICERT_CA_FILE: ca.file,
          HOSPICERT_BASE_URL: baseUrl,
          HOSPICERT_PERSONAS_FILE: writeJson(folder, 'professionnels.json', directory(target)),
          NODE_EXTRA_CA_CERTS: ca.file,
          SSL_CERT_FILE: ca.file,
          ...(secret ? { HOSPICERT_CLIENT_SECRET: secret } : {}),
          ...(postLogoutRedirectUri ? { HOSPICERT_POST_LOGOUT_REDIRECT_URI: postLogoutRedirectUri } : {}),
          ...(tls
            ? {
                HOSPICERT_TLS_CERT_FILE: writePem(pki, `${target.id}.pem`, tls.certificate),
                HOSPICERT_TLS_KEY_FILE: writePem(pki, `${target.id}.key`, tls.privateKey),
              }
            : {}),
          ...(client.certificateSubject ? await clientCertificate(ca, pki, target) : {}),
          ...env,
        },
      })
      closing.push(() => product.stop())
    } else if ((await probe(origin, hosts, 5000)) === undefined) {
      throw new HarnessError('PRODUCT_UNREACHABLE', `Le produit ne répond pas à ${baseUrl}.`, {
        fix: 'Démarrez-le (ou donnez une section start), et vérifiez baseUrl ; un nom inconnu de la machine se déclare dans hosts.',
        place: { file: targetFile, path: 'baseUrl' },
      })
    }
  } catch (error) {
    await close()
    throw error
  }
  const facts: RunFacts = {
    folder,
    target,
    targetFile,
    baseUrl,
    redirectUri,
    ...(postLogoutRedirectUri ? { postLogoutRedirectUri } : {}),
    issuer: provider.issuer,
    walletOrigin: provider.walletOrigin,
    authOrigin: provider.authOrigin,
    cookieDomain: profile.hosts.wallet.split('.').slice(1).join('.'),
    clientId: client.id,
    scope,
    acrValues,
    hosts,
    browser,
    means: { card: profile.means.card.label, 'e-cps': profile.means['e-cps'].label },
    timeout: target.timing?.page ?? 10_000,
  }
  return { cast: createLocalCast(facts, provider, stage), facts, stage, close }
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

function accounts(): Account[] {
  return [...personas().values()].map(({ id, title, idNat, account, claims }) => {
    const { sub: _, ...identity } = claims
    return { id, title, nationalId: idNat, subject: account.sub, claims: identity as { [claim: string]: Json } }
  })
}

/** What a product needs to provision its directory. */
function directory(target: Target) {
  return Object.entries(target.personas).map(([id, settings]) => {
    const { idNat, claims } = persona(id)
    return { id, idNat, givenName: claims['given_name'], familyName: claims['family_name'], known: !settings?.unknown }
  })
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

async function clientCertificate(ca: Awaited<ReturnType<typeof openLocalCa>>, pki: string, target: Target) {
  const identity = await ca.issueClient(target.client.certificateSubject ?? '')
  return {
    HOSPICERT_CLIENT_CERT_FILE: writePem(pki, `${target.id}-client.pem`, identity.certificate),
    HOSPICERT_CLIENT_KEY_FILE: writePem(pki, `${target.id}-client.key`, identity.privateKey),
  }
}

function writePem(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: name.endsWith('.key') ? 0o600 : 0o644 })
  return path
}

function writeJson(folder: string, name: string, value: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
  return path
}
