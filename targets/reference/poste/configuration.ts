import { readFileSync } from 'node:fs'
import { HarnessError } from '#core/errors.ts'
import { type PosteDefect, parsePosteDefects } from './defects.ts'

export interface PosteConfiguration {
  readonly issuer: string
  readonly discoveryUrl: string
  readonly clientId: string
  /** Paths on the loopback of the returns from sign-in and sign-out. */
  readonly returnPath: string
  readonly signedOutPath: string
  readonly scope: string
  readonly acrValues: string
  /** Identifiers that have an account. */
  readonly accounts: ReadonlySet<string>
  /** The system's browser: a command that takes an address. */
  readonly browser: string
  readonly has: (defect: PosteDefect) => boolean
}

/**
 * Reads the environment variables HOSPICERT_*, BROWSER and POSTE_DEFECTS.
 * @throws HarnessError naming the variable to correct
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): PosteConfiguration {
  const need = (name: string): string => {
    const value = environment[name]
    if (value) return value
    throw new HarnessError('UNKNOWN_OPTION', `La variable ${name} manque.`, {
      fix: `Donnez la variable d'environnement ${name}.`,
      place: { path: name },
    })
  }
  const file = environment['HOSPICERT_PERSONAS_FILE']
  const people = (file ? JSON.parse(readFileSync(file, 'utf8')) : []) as { idNat: string; known: boolean; active?: boolean }[]
  const defects = parsePosteDefects(environment['POSTE_DEFECTS'] ?? '')
  return {
    issuer: need('HOSPICERT_ISSUER'),
    discoveryUrl: need('HOSPICERT_DISCOVERY_URL'),
    clientId: need('HOSPICERT_CLIENT_ID'),
    returnPath: new URL(need('HOSPICERT_REDIRECT_URI')).pathname,
    signedOutPath: new URL(need('HOSPICERT_POST_LOGOUT_REDIRECT_URI')).pathname,
    scope: environment['HOSPICERT_SCOPE'] ?? 'openid scope_all',
    acrValues: environment['HOSPICERT_ACR_VALUES'] ?? 'eidas1',
    accounts: new Set(people.filter(({ known, active = true }) => known && active).map(({ idNat }) => idNat)),
    browser: environment['HOSPICERT_OPEN_URL'] ?? need('BROWSER'),
    has: (defect) => defects.has(defect),
  }
}
