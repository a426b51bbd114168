import type { ErrorCode } from '#core/errors.ts'
import type { AdviceId } from '#core/requirement.ts'
import type { Evidence } from '../evidence.ts'
import type { Check, Found } from '../found.ts'

/** What keeps the actors off the stage, by the harness's own code. */
const FAILURES: Readonly<Partial<Record<ErrorCode, AdviceId>>> = {
  TARGET_FILE_MISSING: 'target-file',
  TARGET_FILE_MALFORMED: 'target-file',
  TARGET_FILE_INVALID: 'target-file',
  PERSONA_UNKNOWN: 'target-personas',
  TARGET_IN_PRODUCTION: 'target-production',
  SECRET_MISSING: 'secret-missing',
  DRIVER_MISSING: 'driver-missing',
  PORT_TAKEN: 'simulator-port-taken',
  PRODUCT_STOPPED: 'product-stopped',
  PRODUCT_NOT_READY: 'product-not-ready',
  TOOL_MISSING: 'private-hosts',
  NO_BROWSER: 'browser',
  BROWSER_FAILED: 'browser',
  DISK_UNWRITABLE: 'disk',
}
const OF_THE_FILE: readonly AdviceId[] = ['target-file', 'target-personas', 'target-production', 'secret-missing', 'driver-missing']

/** The misconfiguration behind an error that was raised before the stage; undefined for one that is not a matter of settings. */
export function ofFailure(failure: Evidence['failure'], log: readonly string[] = []): Found | undefined {
  const id = failure && FAILURES[failure.code]
  if (!failure || !id) return undefined
  const said = [failure.message, ...log].join('\n')
  const precise: AdviceId =
    id === 'product-stopped' && /EADDRINUSE|address already in use|port .*déjà utilisé/i.test(said)
      ? 'product-port-taken'
      : id === 'product-stopped' && /n'existe pas|n'est pas exécutable/.test(failure.message.split('\n')[0] ?? '')
        ? 'start-command'
        : id
  return { id: precise, seen: failure.message, ...(failure.path ? { target: failure.path } : {}), ...(failure.fix ? { change: failure.fix } : {}) }
}

export const target: Check = ({ failure, target: described, targetFile }) => {
  const found = ofFailure(failure)
  const mixed = realAddresses(described).map(({ path, url, which }) => ({
    id: 'environment-mixed' as const,
    seen: `${path} désigne ${which} (${url}) : le produit doit parler au simulateur, et à lui seul.`,
    target: path,
  }))
  const own = found && OF_THE_FILE.includes(found.id) ? [found] : []
  return own.length + mixed.length > 0 ? { found: [...own, ...mixed] } : { well: `${targetFile.split(/[\\/]/).at(-1)} est complet.` }
}

export const start: Check = ({ failure, facts, target: described, log }) => {
  const found = ofFailure(failure, log)
  if (found && !OF_THE_FILE.includes(found.id)) return { found: [found] }
  if (!facts) return {}
  const onDemand = typeof described.driver === 'object' && 'client' in described.driver
  const product = described.start ? 'le produit a démarré' : onDemand ? 'le client démarre avec chaque scène' : 'le produit est démarré par ailleurs'
  return { well: `Le simulateur écoute (${ports(facts.walletOrigin, facts.authOrigin)}) ; ${product}.` }
}

function ports(...origins: readonly string[]): string {
  return origins.map((origin) => new URL(origin).host).join(', ')
}

/** Addresses of the real Pro Santé Connect in a target file: its production, or its sandbox. */
function realAddresses(value: unknown, path = ''): { path: string; url: string; which: string }[] {
  if (typeof value === 'string') {
    const [, url, host = ''] = /((?:https?:\/\/)?([\w.-]*\besante\.gouv\.fr)[^\s"']*)/i.exec(value) ?? []
    if (!url) return []
    return [{ path, url, which: /\bbas\b/.test(host) ? 'le bac à sable de Pro Santé Connect' : 'la production de Pro Santé Connect' }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    // What is shown to people may well name the real service.
    ['$schema', 'notSupported', 'product', 'authorisedBy', 'acceptedRisks'].includes(name)
      ? []
      : realAddresses(member, path ? `${path}.${name}` : name),
  )
}
