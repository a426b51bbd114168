import { execFile } from 'node:child_process'
import { access, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HarnessError } from '#core/errors.ts'
import { categoryRules } from './allure-frame.ts'
import { withoutTracking } from './offline.ts'
import { oneLine } from './text.ts'
import { inOurWords, withDescriptionStyle } from './wording.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** One file that opens offline, from a double click: `<folder>/rapport.html`, by Allure 3. Throws `TOOL_MISSING`. */
export async function renderAllure3(folder: string): Promise<string> {
  const cli = join(dirname(fileURLToPath(import.meta.resolve('allure'))), '..', 'cli.js')
  return render(
    folder,
    async (workshop) => {
      const config = {
        name: 'HospiCert — rapport de conformité',
        output: join(workshop, 'report'),
        categories: categoryRules(),
        hideLabels: HIDDEN,
        plugins: {
          awesome: {
            options: {
              reportName: 'HospiCert — rapport de conformité',
              singleFile: true,
              reportLanguage: 'fr',
              groupBy: ['epic', 'feature', 'story'],
              theme: 'light',
            },
          },
        },
      }
      await writeFile(join(workshop, 'allurerc.json'), JSON.stringify(config))
      await run(
        process.execPath,
        [cli, 'generate', '--config', join(workshop, 'allurerc.json'), '--cwd', workshop, join(folder, 'allure-results')],
        OPTIONS,
      )
      return join(workshop, 'report', 'index.html')
    },
    inOurWords,
  )
}

/** The same by Allure 2, which needs Java. Throws `TOOL_MISSING`. */
export async function renderAllure2(folder: string): Promise<string> {
  await run('java', ['-version']).catch((cause: unknown) => {
    throw missing(
      "Java n'a pas été trouvé, et Allure 2 en a besoin.",
      'Installez un environnement Java 17, ou gardez Allure 3 (le rapport par défaut).',
      cause,
    )
  })
  const cli = join(dirname(require.resolve('allure-commandline/package.json')), 'dist', 'bin', process.platform === 'win32' ? 'allure.bat' : 'allure')
  return render(
    folder,
    async (workshop) => {
      const output = join(workshop, 'report')
      const options = { ...OPTIONS, env: { ...process.env, ALLURE_NO_ANALYTICS: 'true' }, shell: process.platform === 'win32' }
      await run(
        cli,
        ['generate', '--single-file', '--clean', '--lang', 'fr', '--name', 'HospiCert', '--output', output, join(folder, 'allure-results')],
        options,
      )
      return join(output, 'index.html')
    },
    withDescriptionStyle,
  )
}

/** Labels for other tools, which say nothing more to a reader. Hiding one that the page groups by would also undo the grouping. */
const HIDDEN = ['parentSuite', 'suite', 'framework', 'thread', 'kind']

const OPTIONS = { timeout: 180_000, maxBuffer: 16 * 1024 * 1024 } as const

/** Runs a generator in a workshop of its own, then keeps the one file, with all tracking taken out. */
async function render(folder: string, generate: (workshop: string) => Promise<string>, finish: (html: string) => string): Promise<string> {
  await access(join(folder, 'allure-results')).catch((cause: unknown) => {
    throw missing("Les résultats au format Allure manquent dans le dossier de l'exécution.", 'Relancez la production des rapports.', cause)
  })
  const workshop = await mkdtemp(join(tmpdir(), 'hospicert-allure-'))
  try {
    const page = await generate(workshop)
    const report = join(folder, 'rapport.html')
    await writeFile(`${report}.tmp`, finish(withoutTracking(await readFile(page, 'utf8'))))
    await rename(`${report}.tmp`, report)
    return report
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause
    throw missing(
      `Allure n'a pas produit le rapport : ${lastLine(cause)}`,
      'Réinstallez les dépendances (npm ci), puis relancez la production des rapports.',
      cause,
    )
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

function missing(message: string, fix: string, cause: unknown): HarnessError {
  return new HarnessError('TOOL_MISSING', message, { fix, cause })
}

function lastLine(cause: unknown): string {
  const text = cause instanceof Error ? ('stderr' in cause && String(cause.stderr).trim()) || cause.message : String(cause)
  return oneLine(text.split('\n').at(-1) ?? '')
}
