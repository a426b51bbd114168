import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Driver } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'
import type { Target } from '#core/target.ts'
import { clientDriver } from './client-driver.ts'
import { reason, recipeDriver } from './recipe-driver.ts'

const NEEDED = ['startLogin', 'whoIsSignedIn', 'openProtectedPage'] as const
const VERBS = [...NEEDED, 'chooseExercise', 'signOut', 'startLoginSecond', 'startPhoneLogin', 'isWaitingForPhone', 'proceedPhoneLogin'] as const
const FIX = 'Le fichier doit exporter par défaut un pilote : export default defineDriver({ startLogin, whoIsSignedIn, openProtectedPage }).'

/**
 * The recipe of the target file, or the `.driver.ts` beside it.
 * @throws HarnessError `DRIVER_MISSING` for a file that does not load or that lacks a verb
 */
export async function loadDriver(target: Target, targetFile: string): Promise<Driver> {
  if (typeof target.driver !== 'string') return 'client' in target.driver ? clientDriver(target.driver, targetFile) : recipeDriver(target.driver)
  const path = resolve(dirname(targetFile), target.driver)
  const place = { file: targetFile, path: 'driver' }
  let loaded: Partial<Driver> | undefined
  try {
    const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: Partial<Driver> & { default?: Partial<Driver> } }
    // Outside a package of type "module", Playwright makes CommonJS of it, whose default stands one floor lower.
    loaded = exported?.default ?? exported
  } catch (cause) {
    throw new HarnessError('DRIVER_MISSING', `Le pilote ${path} ne se charge pas (${firstLine(cause, path)}).`, { fix: FIX, place, cause })
  }
  const missing = NEEDED.filter((verb) => typeof loaded?.[verb] !== 'function')
  if (missing.length > 0) {
    const what = loaded === undefined ? "n'exporte rien par défaut" : `n'a pas ${missing.join(', ')}`
    throw new HarnessError('DRIVER_MISSING', `Le pilote ${path} ${what}.`, { fix: FIX, place })
  }
  return sayingWhere(loaded as Driver, path)
}

/** A driver whose errors name the file and the verb. */
function sayingWhere(driver: Driver, file: string): Driver {
  const verbs = VERBS.flatMap((verb) => {
    const act = driver[verb]
    if (!act) return []
    const told = async (...args: unknown[]) => {
      try {
        return await (act as (...args: unknown[]) => unknown).apply(driver, args)
      } catch (cause) {
        if (cause instanceof HarnessError) throw cause
        throw new HarnessError('DRIVER_STEP_FAILED', `driver.${verb} : le pilote a échoué (${reason(cause)}).`, {
          fix: `Corrigez ${verb} dans ce fichier, d'après la page du produit.`,
          place: { file, path: verb },
          cause,
        })
      }
    }
    return [[verb, told]]
  })
  return Object.fromEntries(verbs) as Driver
}

function firstLine(cause: unknown, path: string): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.replace(`${path}: `, '') ?? ''
}
