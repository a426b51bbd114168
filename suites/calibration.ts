import type { Browser } from 'playwright'
import type { Diagnosis } from '#core/diagnosis.ts'
import type { Driver, DriverContext } from '#core/driver.ts'
import { type ErrorCode, HarnessError } from '#core/errors.ts'
import { type Journal, of } from '#core/journal.ts'
import type { Calibration } from '#core/record.ts'
import { advice } from '#fixtures/load.ts'
import type { Cast } from './cast.ts'
import { best, diagnose } from './doctor/diagnose.ts'
import type { Evidence } from './doctor/evidence.ts'
import { examine } from './doctor/examine.ts'
import { probeProduct } from './doctor/probe.ts'
import { beyondEngine } from './engine.ts'

/**
 * Before anything is judged: nobody, then the canary. The driver must tell them apart; if not, the run stops and says, as the doctor
 * would, which setting is wrong.
 * @throws HarnessError `CALIBRATION_FAILED`, `CLIENT_REFUSED`, `DRIVER_STEP_FAILED`, `PRODUCT_UNREACHABLE`, `NEEDS_RENDERING`
 */
export async function calibrate(cast: Cast, browser: Browser, driver: Driver, context: DriverContext): Promise<Calibration> {
  const started = Date.now()
  const evidence = await examine({ cast, browser, driver, context })
  for (const journal of [evidence.nobody, evidence.login]) refuseScripts(journal, cast)
  const [nobody] = of(evidence.nobody, 'observation')
  const look = of(evidence.login, 'observation').find(({ moment }) => moment === 'after-login')
  if (nobody?.signedIn !== null || look?.signedIn !== 'canari') throw await explained(evidence)
  return {
    honest: { persona: 'canari', seen: look.signedIn, ...(look.screenshot ? { screenshot: look.screenshot } : {}) },
    nobody: { seen: nobody.signedIn, ...(nobody.screenshot ? { screenshot: nobody.screenshot } : {}) },
    duration: Date.now() - started,
  }
}

/** A product that shows itself by scripts is not for an engine without rendering: said before anything is judged. */
function refuseScripts(journal: Journal, { facts }: Cast): void {
  const sentence = beyondEngine(journal)
  if (sentence === undefined) return
  throw new HarnessError('NEEDS_RENDERING', `Étalonnage : ${sentence}`, {
    fix: 'Relancez avec --engine browser : le moteur HTTP lit les pages telles qu’elles arrivent, sans en exécuter les scripts.',
    place: { file: facts.targetFile, path: '--engine' },
  })
}

/** The doctor's best diagnosis as an error; the whole of them is a command away. */
async function explained(evidence: Evidence): Promise<HarnessError> {
  const { facts, targetFile, login, nobody } = evidence
  const reach = facts && (await probeProduct(facts.target, facts.baseUrl, facts.hosts))
  const diagnosis = best(diagnose({ ...evidence, ...(reach ? { reach } : {}) }))
  const trouble = [...of(nobody, 'trouble'), ...of(login, 'trouble')][0]
  const picture = of(login, 'observation').find(({ screenshot }) => screenshot)?.screenshot
  const more = [
    ...(facts?.engine === 'http' ? ['Si le produit s’affiche par script, relancez avec --engine browser.'] : []),
    ...(picture ? [`L'image de la page : ${picture}, dans le dossier du passage.`] : []),
    'Pour un examen complet : npx hospicert doctor --target <ce fichier>.',
  ]
  if (!diagnosis) {
    const sentence = trouble?.sentence ?? 'après la connexion, la page ne montre personne.'
    const fix = ['Lisez journaux/etalonnage-canari.jsonl et produit.log dans le dossier du passage.', ...more].join(' ')
    return new HarnessError('CALIBRATION_FAILED', `Étalonnage : ${sentence}`, { fix, place: { file: targetFile, path: 'driver' } })
  }
  const fix = [diagnosis.change ?? advice().get(diagnosis.id)?.change ?? '', ...more].join(' ')
  return new HarnessError(codeOf(diagnosis, trouble?.code), `Étalonnage : ${diagnosis.seen}`, {
    fix,
    place: { file: targetFile, path: diagnosis.target ?? 'driver' },
  })
}

function codeOf({ id }: Diagnosis, trouble: string | undefined): ErrorCode {
  const topic = advice().get(id)?.topic
  if (topic === 'reach' || trouble === 'PRODUCT_UNREACHABLE') return 'PRODUCT_UNREACHABLE'
  if (id.startsWith('client-') && topic === 'token') return 'CLIENT_REFUSED'
  return id === 'locator-login' || id === 'locator-exercise' ? 'DRIVER_STEP_FAILED' : 'CALIBRATION_FAILED'
}
