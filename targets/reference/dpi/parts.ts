import type { Request } from 'express'
import type { DpiConfiguration } from './configuration.ts'
import { createConnectors } from './connector.ts'
import { type Defects, parseDefects } from './defects.ts'
import { createDirectory, type Directory } from './directory.ts'
import { createOpenSessions, type OpenSessions } from './open-sessions.ts'
import { createPhoneRequests, type PhoneRequests } from './phone-requests.ts'
import { createTransactions, type Transactions } from './transactions.ts'

/** What the routes share. */
export interface Parts {
  readonly configuration: DpiConfiguration
  readonly directory: Directory
  readonly transactions: Transactions
  readonly openSessions: OpenSessions
  readonly phoneRequests: PhoneRequests
  readonly connector: ReturnType<typeof createConnectors>
  /** The defects that this request meets. */
  readonly defectsOf: (request: Request) => Defects
}

/** Builds what the routes share; one for each process. */
export function createParts(configuration: DpiConfiguration): Parts {
  const { defects } = configuration
  return {
    configuration,
    directory: createDirectory(configuration.people),
    transactions: createTransactions(),
    openSessions: createOpenSessions(),
    phoneRequests: createPhoneRequests(),
    connector: createConnectors(configuration),
    defectsOf: defects === 'by-cookie' ? (request) => parseDefects(cookie(request, 'dpi_defects')) : () => defects,
  }
}

/** The value of a cookie, empty when there is none. */
export function cookie(request: Request, name: string): string {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
  try {
    return decodeURIComponent((found ?? '').slice(name.length + 1))
  } catch {
    return ''
  }
}
