import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { HarnessError } from '#core/errors.ts'

/** A browser that was found, and how. */
export interface FoundBrowser {
  readonly executablePath: string
  /** French: which one and why. */
  readonly origin: string
  readonly env?: Readonly<Record<string, string>>
}

/** Installed browsers, in the order in which they are looked for. */
const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The configured path (`HOSPICERT_BROWSER`), then an installed Chrome or Chromium, then Playwright's own, then the one inside
 * `@sparticuz/chromium`, which needs no system package and is unpacked under `folder`.
 * @throws HarnessError `NO_BROWSER`
 */
export async function findBrowser(folder: string, env: NodeJS.ProcessEnv = process.env, only?: 'packaged'): Promise<FoundBrowser> {
  const configured = env['HOSPICERT_BROWSER']
  if (configured && configured !== 'paquet') {
    if (existsSync(configured)) return { executablePath: configured, origin: 'configuré par HOSPICERT_BROWSER' }
    throw new HarnessError('NO_BROWSER', `HOSPICERT_BROWSER désigne « ${configured} », qui n'existe pas.`, {
      fix: 'Corrigez ce chemin, ou retirez la variable : HospiCert cherchera un navigateur lui-même.',
      place: { path: 'HOSPICERT_BROWSER' },
    })
  }
  if (only !== 'packaged' && configured !== 'paquet') {
    const installed = INSTALLED.find((path) => existsSync(path))
    if (installed) return { executablePath: installed, origin: 'installé sur cette machine' }
    const own = chromium.executablePath()
    if (own && existsSync(own)) return { executablePath: own, origin: 'celui de Playwright' }
  }
  return packaged(folder)
}

async function packaged(folder: string): Promise<FoundBrowser> {
  const temporary = resolve(folder, 'chromium')
  mkdirSync(temporary, { recursive: true })
  // The package unpacks its libraries only in a Lambda, reuses whatever stands in the temporary folder, and leaves its settings in the
  // environment, where an installed browser would trip over them: all of it is put back.
  const before = { ...process.env }
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x'
  process.env['TMPDIR'] = temporary
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    const executablePath = await packed.executablePath()
    chmodSync(executablePath, 0o755)
    const { LD_LIBRARY_PATH = '' } = process.env
    return {
      executablePath,
      origin: 'fourni par le paquet npm @sparticuz/chromium',
      env: { LD_LIBRARY_PATH, FONTCONFIG_PATH: fontSettings(temporary), HOME: temporary },
    }
  } catch (cause) {
    throw new HarnessError('NO_BROWSER', 'Aucun navigateur Chromium utilisable : ni installé, ni de Playwright, ni du paquet @sparticuz/chromium.', {
      fix: 'Installez Chrome ou Chromium, ou donnez son chemin dans HOSPICERT_BROWSER.',
      cause,
    })
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

/** The package's own font settings look in /tmp: ours name the folder where its fonts really are, then the system's. */
function fontSettings(temporary: string): string {
  const folder = join(temporary, 'polices')
  mkdirSync(folder, { recursive: true })
  const folders = [join(temporary, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  const lines = folders.map((path) => `  <dir>${path}</dir>`).join('\n')
  writeFileSync(
    join(folder, 'fonts.conf'),
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines}\n  <cachedir>${join(folder, 'cache')}</cachedir>\n</fontconfig>\n`,
  )
  return folder
}

/** Options by which Chromium stays quiet and resolves the test names to loopback. */
export function launchOptions(found: FoundBrowser, hosts: Readonly<Record<string, string>>) {
  // Whatever a product is set to, no trial ever reaches the real Pro Santé Connect.
  const rules = [...Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`), 'MAP *.esante.gouv.fr ~NOTFOUND']
  return {
    executablePath: found.executablePath,
    headless: true,
    chromiumSandbox: false,
    ...(found.env ? { env: { ...process.env, ...found.env } as Record<string, string> } : {}),
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The certificates of the test hosts are not what is judged; without this, every connection is tried twice.
      '--ignore-certificate-errors',
      '--disable-features=Translate,OptimizationHints,MediaRouter',
      `--host-resolver-rules=${rules.join(',')}`,
    ],
  }
}

/**
 * @param more whether the browser goes when this process is asked to end; it does unless told.
 * @throws HarnessError `BROWSER_FAILED` when the browser that was found does not start.
 */
export async function launch(
  found: FoundBrowser,
  hosts: Readonly<Record<string, string>>,
  more: { readonly handleSIGTERM?: boolean } = {},
): Promise<Browser> {
  try {
    return await chromium.launch({ ...launchOptions(found, hosts), ...more })
  } catch (cause) {
    throw new HarnessError('BROWSER_FAILED', `Le navigateur ${found.executablePath} (${found.origin}) ne démarre pas.`, {
      fix: 'Lancez-le à la main pour voir son message, ou choisissez-en un autre avec HOSPICERT_BROWSER (« paquet » pour celui de npm).',
      place: { path: 'HOSPICERT_BROWSER' },
      cause,
    })
  }
}
