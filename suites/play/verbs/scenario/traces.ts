import type { SeenCookie } from '#core/journal.ts'
import { forgetProvider, Halt } from '../../steps.ts'
import { action, isAtProvider, note, observe } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'
import { productCookies } from './sign-in.ts'

/** What a session leaves in the browser, and how time ends it. */
export const TRACE_STEPS = {
  async 'inspect-cookies'(course) {
    const { scene, window } = course
    await forgetProvider(scene, window)
    const cookies: SeenCookie[] = []
    for (const cookie of await productCookies(course)) {
      const { name, value, domain, path, secure, httpOnly, sameSite } = cookie
      action(scene, 'drop-cookie', `Le navigateur perd le cookie « ${name} » : la session tient-elle encore ?`)
      await window.context.clearCookies({ name, domain, path })
      await scene.driver.openProtectedPage(window.page, scene.context)
      // Without the session, a product that protects every page sends the browser to the provider.
      const sent = isAtProvider(scene, window.page)
      const signedIn = sent ? null : (await scene.driver.whoIsSignedIn(window.page, scene.context)).signedIn
      await window.context.addCookies([cookie])
      const wide = domain.startsWith('.') ? domain : null
      cookies.push({ name, digest: value, secure, httpOnly, sameSite, domain: wide, carriesSession: signedIn === null })
    }
    await scene.driver.openProtectedPage(window.page, scene.context)
    await observe(scene, window, 'look', { picture: false, cookies })
  },

  async 'inspect-page'({ scene, window, when }) {
    await scene.driver.openProtectedPage(window.page, scene.context)
    const response = await window.page.goto(window.page.url(), { waitUntil: 'load' })
    const html = (await response?.text()) ?? ''
    const needle = scene.context.needles.get(when.persona) ?? ''
    action(scene, 'inspect-page', 'La page protégée est lue comme un navigateur la garderait', {
      carriesIdentity: html.includes(needle) || html.includes(escaped(needle)),
      cacheControl: response?.headers()['cache-control'] ?? '',
    })
  },

  async scan({ scene, window }) {
    const { page } = window
    const { redirectUri, walletOrigin, authOrigin } = scene.facts
    const kept = await page.evaluate(() => ({
      cookies: document.cookie,
      local: JSON.stringify({ ...localStorage }),
      session: JSON.stringify({ ...sessionStorage }),
    }))
    const moves = scene.notes.flatMap((entry) => (entry.kind === 'navigation' ? [entry] : []))
    // The answer itself brings the code to the return address; what follows must not carry it on.
    const visited = moves.map(({ url }) => url).filter((url) => ![redirectUri, walletOrigin, authOrigin].some((prefix) => url.startsWith(prefix)))
    const texts = {
      "l'adresse affichée": page.url(),
      'les adresses visitées': visited.join('\n'),
      'les en-têtes Referer': moves.map(({ referer }) => referer ?? '').join('\n'),
      'le contenu de la page': await page.content(),
      'les cookies lisibles par un script': kept.cookies,
      'le stockage local': kept.local,
      'le stockage de session': kept.session,
    }
    note(scene, { kind: 'scan', channel: 'bench', places: [], found: [], texts })
  },

  async time(course, step) {
    await pass(course, step.at, step.seconds, step.limit)
  },
} satisfies Partial<Plays>

/** Moves a clock. A session that must last by its use is used on the way. */
async function pass(
  { scene, window, cast, clocks }: Course,
  at: 'provider' | 'product',
  seconds: number,
  limit: 'idle' | 'absolute' | undefined,
): Promise<void> {
  if (at === 'provider') {
    clocks.provider += seconds
    action(scene, 'time', `Chez le fournisseur, ${seconds} s passent`)
    return cast.setClocks(clocks)
  }
  const now = clocks.product ?? Date.now()
  clocks.began ??= now
  const { idle, absolute } = scene.facts.target.sessions ?? {}
  const declared = limit === 'idle' ? idle : limit === 'absolute' ? absolute : 0
  if (declared === undefined) throw new Halt('NOT_DECLARED', 'La cible ne dit pas combien de temps durent ses sessions (sessions).')
  const goal = limit === 'absolute' ? clocks.began + (declared + seconds) * 1000 : now + (declared + seconds) * 1000
  const stride = limit === 'absolute' && idle ? idle * 500 : Number.POSITIVE_INFINITY
  action(
    scene,
    'time',
    limit ? `L'horloge du produit est mise à ${seconds} s de la limite déclarée (${declared} s)` : `L'horloge du produit avance de ${seconds} s`,
  )
  for (let time = now + stride; time < goal; time += stride) {
    clocks.product = time
    await cast.setClocks(clocks)
    await scene.driver.openProtectedPage(window.page, scene.context)
  }
  clocks.product = goal
  await cast.setClocks(clocks)
}

/** As text stands in HTML. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll("'", '&#39;')
}
