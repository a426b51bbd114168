import { readFileSync } from 'node:fs'
import { HarnessError } from '#core/errors.ts'
import type { ClientAuth } from '#core/target.ts'
import { type Defects, parseDefects } from './defects.ts'
import type { Person } from './directory.ts'

/** Everything the DPI is told from outside, read once at start. */
export interface DpiConfiguration {
  readonly issuer: string
  readonly discoveryUrl: string
  readonly client: {
    readonly id: string
    readonly secret: string
    readonly auth: ClientAuth
    /** Private key as a JWK (private_key_jwt). */
    readonly key?: Readonly<Record<string, unknown>>
    /** Certificate and key in PEM (tls_client_auth). */
    readonly certificate?: { readonly cert: string; readonly key: string }
  }
  readonly redirectUri: string
  /** The hospital's other identity provider, offered beside Pro Santé Connect. */
  readonly second?: {
    readonly issuer: string
    readonly discoveryUrl: string
    readonly client: { readonly id: string; readonly secret: string; readonly auth: 'client_secret_basic' }
    readonly redirectUri: string
  }
  readonly postLogoutRedirectUri: string
  /** Is the sign-in by phone offered (CIBA)? The client must be registered for it. */
  readonly phone?: boolean
  readonly responseMode: 'query' | 'form_post'
  /** Algorithm agreed for the ID token. */
  readonly idTokenAlg: 'RS256' | 'PS256' | 'ES256'
  /** Where the provider reports the end of a session; no such address, no such report. */
  readonly backchannelLogoutUri?: string
  readonly frontchannelLogoutUri?: string
  /** File that holds the time of the sessions, when it is not the machine's. */
  readonly clockFile?: string
  readonly scope: string
  readonly acrValues: string
  readonly baseUrl: URL
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly people: readonly Person[]
  /** Defects of the whole process, or read for each browser from its cookie `dpi_defects`. */
  readonly defects: Defects | 'by-cookie'
  readonly connector: 'openid-client' | 'handmade'
  /** Seconds since the professional authenticated, at most; asked for when given (max_age). */
  readonly maxAge?: number
  /** Milliseconds that the provider may take to answer; five seconds unless told. */
  readonly patience?: number
  /** Attributes of the session cookie that a careless installation would set. */
  readonly cookie?: { readonly sameSite?: 'strict' | 'lax' | 'none'; readonly domain?: string; readonly path?: string; readonly secure?: true }
}

type Environment = Readonly<Record<string, string | undefined>>
const AUTHS: readonly ClientAuth[] = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth']

/**
 * Reads the environment variables HOSPICERT_* and DPI_*.
 * @throws HarnessError naming the variable to correct
 */
export function readConfiguration(environment: Environment): DpiConfiguration {
  const get = (name: string) => environment[name] || undefined
  const need = (name: string) => get(name) ?? refuse(name, `La variable ${name} manque.`)
  const file = (name: string) => {
    const path = get(name)
    try {
      return path === undefined ? undefined : readFileSync(path, 'utf8')
    } catch {
      return refuse(name, `Le fichier ${path} n'a pas pu être lu.`)
    }
  }
  const pair = (certName: string, keyName: string) => {
    const [cert, key] = [file(certName), file(keyName)]
    return cert !== undefined && key !== undefined ? { cert, key } : undefined
  }
  const list = get('DPI_DEFECTS') ?? ''
  const defects = list === 'by-cookie' ? list : parseDefects(list)
  const auth = oneOf('HOSPICERT_CLIENT_AUTH', get('HOSPICERT_CLIENT_AUTH') ?? 'client_secret_basic', AUTHS)
  const certificate = auth === 'tls_client_auth' ? pair('HOSPICERT_CLIENT_CERT_FILE', 'HOSPICERT_CLIENT_KEY_FILE') : undefined
  const key =
    auth === 'private_key_jwt' ? (json('HOSPICERT_CLIENT_KEY_FILE', file('HOSPICERT_CLIENT_KEY_FILE')) as Record<string, unknown>) : undefined
  if (auth === 'tls_client_auth' && !certificate) refuse('HOSPICERT_CLIENT_CERT_FILE', `${auth} demande un certificat et sa clé.`)
  const backchannelLogoutUri = get('HOSPICERT_BACKCHANNEL_LOGOUT_URI')
  const frontchannelLogoutUri = get('HOSPICERT_FRONTCHANNEL_LOGOUT_URI')
  const clockFile = get('HOSPICERT_CLOCK_FILE')
  const tls = pair('HOSPICERT_TLS_CERT_FILE', 'HOSPICERT_TLS_KEY_FILE')
  return {
    issuer: need('HOSPICERT_ISSUER'),
    discoveryUrl: need('HOSPICERT_DISCOVERY_URL'),
    client: {
      id: need('HOSPICERT_CLIENT_ID'),
      secret: auth.startsWith('client_secret') ? need('HOSPICERT_CLIENT_SECRET') : (get('HOSPICERT_CLIENT_SECRET') ?? ''),
      auth,
      ...(key ? { key } : {}),
      ...(certificate ? { certificate } : {}),
    },
    redirectUri: need('HOSPICERT_REDIRECT_URI'),
    ...(get('HOSPICERT_SECOND_ISSUER')
      ? {
          second: {
            issuer: need('HOSPICERT_SECOND_ISSUER'),
            discoveryUrl: need('HOSPICERT_SECOND_DISCOVERY_URL'),
            client: { id: need('HOSPICERT_SECOND_CLIENT_ID'), secret: need('HOSPICERT_SECOND_CLIENT_SECRET'), auth: 'client_secret_basic' as const },
            redirectUri: need('HOSPICERT_SECOND_REDIRECT_URI'),
          },
        }
      : {}),
    postLogoutRedirectUri: need('HOSPICERT_POST_LOGOUT_REDIRECT_URI'),
    phone: get('HOSPICERT_CIBA') === '1',
    responseMode: oneOf('HOSPICERT_RESPONSE_MODE', get('HOSPICERT_RESPONSE_MODE') ?? 'query', ['query', 'form_post']),
    idTokenAlg: oneOf('HOSPICERT_ID_TOKEN_ALG', get('HOSPICERT_ID_TOKEN_ALG') ?? 'RS256', ['RS256', 'PS256', 'ES256']),
    ...(backchannelLogoutUri ? { backchannelLogoutUri } : {}),
    ...(frontchannelLogoutUri ? { frontchannelLogoutUri } : {}),
    ...(clockFile ? { clockFile } : {}),
    scope: get('HOSPICERT_SCOPE') ?? 'openid scope_all',
    acrValues: get('HOSPICERT_ACR_VALUES') ?? 'eidas1',
    baseUrl: new URL(need('HOSPICERT_BASE_URL')),
    ...(tls ? { tls } : {}),
    people: json('HOSPICERT_PERSONAS_FILE', file('HOSPICERT_PERSONAS_FILE') ?? '[]') as Person[],
    defects,
    cookie: cookieOf(get('DPI_COOKIE') ?? ''),
    connector: oneOf('DPI_CONNECTOR', get('DPI_CONNECTOR') ?? 'openid-client', ['openid-client', 'handmade']),
    ...(get('DPI_MAX_AGE') ? { maxAge: whole('DPI_MAX_AGE', get('DPI_MAX_AGE')) } : {}),
    ...(get('DPI_PATIENCE') ? { patience: whole('DPI_PATIENCE', get('DPI_PATIENCE')) } : {}),
  }
}

function whole(name: string, text = ''): number {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : refuse(name, `« ${text} » n'est pas un nombre entier positif.`)
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  return known.find((one) => one === value) ?? refuse(name, `« ${value} » n'est pas une valeur de ${name} (connues : ${known.join(', ')}).`)
}

/** `DPI_COOKIE`, written as the attributes of a `Set-Cookie` header. */
function cookieOf(text: string): NonNullable<DpiConfiguration['cookie']> {
  const attributes = text.split(/;\s*/).filter(Boolean)
  const parsed = attributes.map((attribute) => {
    const [name = '', value = ''] = attribute.toLowerCase().split('=', 2)
    if (name === 'secure') return ['secure', true]
    if (name === 'samesite') return ['sameSite', oneOf('DPI_COOKIE', value, ['strict', 'lax', 'none'])]
    return [oneOf('DPI_COOKIE', name, ['domain', 'path']), value]
  })
  return Object.fromEntries(parsed)
}

function json(name: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return refuse(name, `${name} ne désigne pas un fichier JSON lisible.`)
  }
}

function refuse(name: string, message: string): never {
  throw new HarnessError('UNKNOWN_OPTION', message, { fix: `Corrigez la variable d'environnement ${name}.`, place: { path: name } })
}
