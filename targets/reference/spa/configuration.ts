import { readFileSync } from 'node:fs'
import { HarnessError } from '#core/errors.ts'
import { parseSpaDefects, type SpaDefect } from './defects.ts'

/** A professional who has an account, or (`known: false`) has none. */
export interface Person {
  readonly idNat: string
  readonly known: boolean
  /** False for an account that was deactivated. */
  readonly active?: boolean
}

/** What the page is handed; it is all that the server knows of the provider. */
export interface PageConfiguration {
  readonly issuer: string
  readonly discoveryUrl: string
  readonly clientId: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  readonly scope: string
  readonly acrValues: string
  readonly defects: readonly SpaDefect[]
}

export interface SpaConfiguration {
  readonly page: Omit<PageConfiguration, 'defects'>
  readonly baseUrl: URL
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly people: readonly Person[]
  /** Defects of the whole process, or read for each browser from its cookie `spa_defects`. */
  readonly defects: readonly SpaDefect[] | 'by-cookie'
}

/**
 * Reads the environment variables HOSPICERT_* and SPA_DEFECTS.
 * @throws HarnessError naming the variable to correct
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): SpaConfiguration {
  const need = (name: string): string => {
    const value = environment[name]
    if (value) return value
    throw new HarnessError('UNKNOWN_OPTION', `La variable ${name} manque.`, {
      fix: `Donnez la variable d'environnement ${name}.`,
      place: { path: name },
    })
  }
  const file = (name: string) => (environment[name] ? readFileSync(environment[name], 'utf8') : undefined)
  const [cert, key] = [file('HOSPICERT_TLS_CERT_FILE'), file('HOSPICERT_TLS_KEY_FILE')]
  const list = environment['SPA_DEFECTS'] ?? ''
  return {
    page: {
      issuer: need('HOSPICERT_ISSUER'),
      discoveryUrl: need('HOSPICERT_DISCOVERY_URL'),
      clientId: need('HOSPICERT_CLIENT_ID'),
      redirectUri: need('HOSPICERT_REDIRECT_URI'),
      postLogoutRedirectUri: need('HOSPICERT_POST_LOGOUT_REDIRECT_URI'),
      scope: environment['HOSPICERT_SCOPE'] ?? 'openid scope_all',
      acrValues: environment['HOSPICERT_ACR_VALUES'] ?? 'eidas1',
    },
    baseUrl: new URL(need('HOSPICERT_BASE_URL')),
    ...(cert !== undefined && key !== undefined ? { tls: { cert, key } } : {}),
    people: JSON.parse(file('HOSPICERT_PERSONAS_FILE') ?? '[]') as Person[],
    defects: list === 'by-cookie' ? list : parseSpaDefects(list),
  }
}
