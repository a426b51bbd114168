import type { Browser, BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpBrowser, renderingWasNeeded, scripted } from './browser.ts'
import { page as html, type Route, redirect, startServer } from './server.test-data.ts'

const HOSTS = { 'dpi.hopital.test': '127.0.0.1', 'auth.psc.test': '127.0.0.1', 'wallet.psc.test': '127.0.0.1' }
let browser: Browser
let context: BrowserContext
let page: Page
let server: Awaited<ReturnType<typeof startServer>>

async function serve(routes: Readonly<Record<string, Route>>): Promise<void> {
  server = await startServer(routes)
}
const dpi = (path = '/') => server.at('dpi.hopital.test', path)
const psc = (path = '/') => server.at('auth.psc.test', path)

beforeEach(async () => {
  browser = createHttpBrowser(HOSTS)
  context = await browser.newContext()
  context.setDefaultTimeout(1500)
  page = await context.newPage()
})
afterEach(async () => {
  await browser.close()
  await server.close()
})

describe('redirects', () => {
  it('are followed hop by hop, each with its event, and the last one is the page', async () => {
    await serve({ '/': redirect('/b'), '/b': redirect('/c', { 'set-cookie': 'k=v; Path=/' }), '/c': html('<h1>Fin</h1>') })
    const hops: string[] = []
    page.on('response', (response) =>
      hops.push(`${response.status()} ${new URL(response.url()).pathname} ${response.request().isNavigationRequest()}`),
    )
    await page.goto(dpi())
    expect(hops).toEqual(['303 / true', '303 /b true', '200 /c true'])
    expect(page.url()).toBe(dpi('/c'))
    expect(server.last('/c')?.cookie).toBe('k=v')
  })

  it('end after twenty, when the address makes no sense, or when nobody listens', async () => {
    await serve({
      '/loop': redirect('/loop'),
      '/bad': redirect('http://['),
      '/app': redirect('monappli://x'),
      '/script': redirect('javascript:alert(1)'),
    })
    await expect(page.goto(dpi('/loop'))).rejects.toThrow('ERR_TOO_MANY_REDIRECTS')
    expect(server.seen).toHaveLength(21)
    await expect(page.goto(dpi('/bad'))).rejects.toThrow('ERR_INVALID_REDIRECT')
    await expect(page.goto(dpi('/app'))).rejects.toThrow('ERR_UNKNOWN_URL_SCHEME')
    await expect(page.goto(dpi('/script'))).rejects.toThrow('ERR_UNSAFE_REDIRECT')
    await expect(page.goto('http://127.0.0.1:1/')).rejects.toThrow('ERR_CONNECTION_REFUSED')
    expect(page.url()).toMatch(/^chrome-error:/)
  })

  it('turn a POST into a GET at 303 and 302, and keep it at 307', async () => {
    const form = (action: string) => html(`<form method="post" action="${action}"><button name="k" value="v">Envoyer</button></form>`)
    await serve({ '/a': form('/303'), '/303': redirect('/fin'), '/b': form('/307'), '/307': redirect('/fin', {}, 307), '/fin': html('fin') })
    await page.goto(dpi('/a'))
    await page.getByRole('button', { name: 'Envoyer' }).click()
    expect(server.last('/fin')).toMatchObject({ method: 'GET', text: '' })
    await page.goto(dpi('/b'))
    await page.getByRole('button', { name: 'Envoyer' }).click()
    expect(server.last('/fin')).toMatchObject({ method: 'POST', text: 'k=v' })
  })
})

describe('cookies', () => {
  it('follow SameSite, as from one site to the other and back', async () => {
    const set = ['strict=1; SameSite=Strict', 'lax=1; SameSite=Lax', 'unset=1', 'none=1; SameSite=None']
    await serve({ '/set': html('', { 'set-cookie': set }), '/lien': html('<a href="http://dpi.hopital.test:PORT/x">x</a>'), '/x': html('x') })
    await page.goto(dpi('/set'))
    await page.goto(dpi('/x'))
    expect(server.last('/x')?.cookie).toBe('strict=1; lax=1; unset=1')
    await follow(psc('/lien'), dpi('/x'))
    expect(server.last('/x')?.cookie).toBe('lax=1; unset=1')
  })

  it('a cross-site POST carries only young cookies without SameSite', async () => {
    await serve({
      '/set': html('', { 'set-cookie': ['lax=1; SameSite=Lax', 'unset=1'] }),
      '/poste': (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<form method=post action="${dpi('/x')}"><button>Aller</button></form>`),
      '/x': html('x'),
    })
    await page.goto(dpi('/set'))
    await page.goto(psc('/poste'))
    await page.getByRole('button').click()
    expect(server.last('/x')).toMatchObject({ method: 'POST', cookie: 'unset=1', origin: new URL(psc()).origin })
  })

  it('of a domain reach its hosts, and are shared by the windows of a profile only', async () => {
    await serve({ '/set': html('', { 'set-cookie': 'k=v; Domain=psc.test; Path=/' }), '/x': html('x') })
    await page.goto(psc('/set'))
    const second = await context.newPage()
    await second.goto(server.at('wallet.psc.test', '/x'))
    expect(server.last('/x')?.cookie).toBe('k=v')
    await second.goto(dpi('/x'))
    expect(server.last('/x')?.cookie).toBe('')
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(psc('/x'))
    expect(server.last('/x')?.cookie).toBe('')
    await context.clearCookies({ domain: '.psc.test', name: /^k$/ })
    expect(await context.cookies()).toEqual([])
  })

  /** Follows a link that stands on another site. */
  async function follow(from: string, to: string): Promise<void> {
    await page.goto(from)
    const other = await serveLink(to)
    await page.goto(other.at('auth.psc.test'))
    await page.getByRole('link').click()
    await other.close()
  }
  const serveLink = (to: string) => startServer({ '/': html(`<a href="${to}">aller</a>`) })
})

describe('Referer', () => {
  it('is the origin only for another site, nothing under no-referrer, all under unsafe-url', async () => {
    const link =
      (policy?: string): Route =>
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html', ...(policy ? { 'referrer-policy': policy } : {}) })
          .end(`<a href="${psc('/x')}">ailleurs</a> <a href="/y">ici</a>`)
    await serve({ '/p': link(), '/q': link('no-referrer'), '/r': link('unsafe-url'), '/x': html('x'), '/y': html('y') })
    await press('/p?code=1', 'ailleurs')
    expect(server.last('/x')?.referer).toBe(dpi('/'))
    await press('/p?code=1', 'ici')
    expect(server.last('/y')?.referer).toBe(dpi('/p?code=1'))
    await press('/q?code=1', 'ailleurs')
    expect(server.last('/x')?.referer).toBe('')
    await press('/r?code=1', 'ailleurs')
    expect(server.last('/x')?.referer).toBe(dpi('/r?code=1'))
  })

  it('leaves with the pictures of other servers, unless the policy on contents forbids them', async () => {
    const leak =
      (csp: string): Route =>
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html', 'referrer-policy': 'unsafe-url', 'content-security-policy': csp })
          .end(`<img src="${psc('/image')}"><img src="/la">`)
    await serve({ '/libre': leak('img-src *'), '/ferme': leak("default-src 'self'"), '/image': html('') })
    await page.goto(dpi('/ferme?code=1'))
    expect(server.last('/image')).toBeUndefined()
    await page.goto(dpi('/libre?code=1'))
    expect(server.last('/image')?.referer).toBe(dpi('/libre?code=1'))
    expect(server.last('/la')).toBeUndefined()
  })

  async function press(path: string, name: string): Promise<void> {
    await page.goto(dpi(path))
    await page.getByRole('link', { name }).click()
  }
})

describe('forms', () => {
  it('send what is filled in, the pressed button, and nothing else', async () => {
    await serve({
      '/': html(`<form id="f" method="post" action="/non"><label for="n">Nom</label><input id="n" name="nom"><input type="hidden" name="h" value="1">
        <input name="gris" value="x" disabled><input type="checkbox" name="c" value="oui"><select name="s"><option value="1">Un<option value="2">Deux</select>
        <button name="moyen" value="carte">Carte</button></form><button form="f" formaction="/oui" name="moyen" value="tel">Téléphone</button>`),
      '/oui': html('merci'),
    })
    await page.goto(dpi())
    await page.getByLabel('nom').fill('Édith')
    await page.locator('select').selectOption({ label: 'Deux' })
    await page.locator('[name=c]').check()
    await page.getByRole('button', { name: 'Téléphone', exact: true }).click()
    expect(Object.fromEntries(new URLSearchParams(server.last('/oui')?.text))).toEqual({ nom: 'Édith', h: '1', c: 'oui', s: '2', moyen: 'tel' })
  })

  it('that submit themselves are passed through before the page counts as loaded', async () => {
    await serve({
      '/post': html(
        '<form method="post" action="/retour"><input type="hidden" name="code" value="c"></form><script>document.forms[0].submit()</script>',
      ),
      '/onload': html(
        '<body onload="document.forms[0].submit()"><form method="post" action="/retour"><input type="hidden" name="code" value="d"></form>',
      ),
      '/ajoute': html(
        "<form method=post action=/retour></form><script>const f=document.forms[0],i=document.createElement('input');i.type='hidden';i.name='logout';i.value='yes';f.append(i);f.submit()</script>",
      ),
      '/retour': html('<h1>Revenu</h1>'),
    })
    for (const [path, sent] of [
      ['/post', 'code=c'],
      ['/onload', 'code=d'],
      ['/ajoute', 'logout=yes'],
    ] as const) {
      await page.goto(dpi(path))
      expect(page.url()).toBe(dpi('/retour'))
      expect(server.last('/retour')?.text).toBe(sent)
      expect(scripted(page)).toBe(false)
    }
  })

  it('GET forms replace the query; Enter presses the first button; a required field holds the form', async () => {
    await serve({
      '/': html('<form action="/cherche?x=1"><input name="q" required><button name="b" value="1">Chercher</button></form>'),
      '/cherche': html(''),
    })
    await page.goto(dpi())
    await page.getByRole('button').click()
    expect(server.last('/cherche')).toBeUndefined()
    await page.locator('input').fill('a b')
    await page.keyboard.press('Enter')
    expect(server.last('/cherche')?.path).toBe('/cherche?q=a+b&b=1')
  })
})

describe('what a person sees', () => {
  it('roles and names, implicit and explicit; hidden elements do not count', async () => {
    await serve({
      '/': html(`<h1>Mes <em>patients</em></h1><div role="alert">Refusé</div><a href="/x">Se  connecter
        avec PSC</a><a>pas un lien</a><button aria-label="Fermer">×</button><span role="button">Ouvrir</span><button hidden>Caché</button>
        <div style="display:none"><button>Caché aussi</button></div><input type="submit" value="Valider"><button role="link">lien</button>`),
    })
    await page.goto(dpi())
    expect(await page.getByRole('heading', { name: 'mes patients' }).count()).toBe(1)
    expect(await page.getByRole('alert').innerText()).toBe('Refusé')
    expect(await page.getByRole('link').allInnerTexts()).toEqual(['Se connecter avec PSC', 'lien'])
    expect(await page.getByRole('link', { name: 'Se connecter avec PSC', exact: true }).isVisible()).toBe(true)
    expect(await page.getByRole('link', { name: 'se connecter avec psc', exact: true }).count()).toBe(0)
    expect(await page.getByRole('button').count()).toBe(3)
    expect(await page.getByRole('button', { name: 'fermer' }).count()).toBe(1)
  })

  it('text as it is read: no script, no hidden words, line breaks at blocks', async () => {
    await serve({
      '/': html(
        '<style>p{}</style><h1>Un</h1><p>Deux   <b>trois</b><br>quatre</p><p hidden>secret</p><script type="application/json">x</script><table><tr><td>a</td><td>b</td></tr></table><ul><li>c<li>d</ul><p></p><div role=status></div>',
      ),
    })
    await page.goto(dpi())
    expect(await page.locator('body').innerText()).toBe('Un\n\nDeux trois\nquatre\n\na\tb\nc\nd')
    expect(await page.getByText('deux').innerText()).toBe('Deux trois\nquatre')
    expect(await page.getByRole('status').isVisible()).toBe(false)
  })

  it('several signs at once, the first that is visible', async () => {
    await serve({ '/': html('<p id="a" hidden>a</p><p id="b">b</p><p data-testid="c">c</p>') })
    await page.goto(dpi())
    const any = page.locator('#a').or(page.getByTestId('c')).or(page.locator('#b'))
    expect(await any.allInnerTexts()).toEqual(['a', 'b', 'c'])
    await any.first().waitFor({ state: 'attached' })
    await expect(page.locator('p').click()).rejects.toThrow('strict mode')
  })

  it('what is not there is said at once when the page is at rest; a page that goes on by itself is waited for', async () => {
    await serve({ '/': html('<p>x</p>'), '/va': html('<meta http-equiv="refresh" content="1; url=/fin">'), '/fin': html('<h1>Fin</h1>') })
    await page.goto(dpi())
    const before = Date.now()
    await expect(page.locator('#absent').waitFor()).rejects.toThrow("l'élément n'y est pas")
    await page.goto(dpi('/va'))
    await page.getByRole('heading').waitFor()
    expect(page.url()).toBe(dpi('/fin'))
    expect(Date.now() - before).toBeLessThan(1000)
  })
})

describe('limits', () => {
  it('a page of scripts, and a gesture that only a browser has, say so in French', async () => {
    await serve({ '/': html('<div id="root"></div><script src="/app.js"></script>'), '/clic': html('<button onclick="go()">Aller</button>') })
    await page.goto(dpi())
    expect(scripted(page)).toBe(true)
    expect(renderingWasNeeded(context)).toBe(false)
    await expect(page.getByRole('button').click()).rejects.toThrow('utilisez le moteur navigateur')
    expect(renderingWasNeeded(context)).toBe(true)
    await page.goto(dpi('/clic'))
    await expect(page.getByRole('button').click()).rejects.toThrow('par script')
    await expect(page.pdf()).rejects.toThrow('moteur HTTP')
    await expect(page.evaluate(() => localStorage.length)).rejects.toThrow('vrai navigateur')
    expect(await page.evaluate(() => document.querySelector('#hospicert-injection') !== null || 'hospicert' in window)).toBe(false)
  })

  it('hostile answers end in an error or a page, never in a hang or a crash', async () => {
    await serve({
      '/sans-fin': (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<h1>Début'),
      '/muet': () => {},
      '/enorme': (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.on('error', () => {})
        const more = (): void => {
          while (!response.destroyed && response.write(`<p>${'x'.repeat(1000)}</p>`.repeat(100)));
          if (!response.destroyed) response.once('drain', more)
        }
        more()
      },
      '/casse': html('<div><p>a<table><b>c</div></p></html><body><h1>Reste'),
      '/coupe': (_, response) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
      '/charabia': (_, response) => void response.socket?.end('pas du HTTP\r\n\r\n'),
      '/vide': (_, response) => void response.writeHead(204).end(),
      '/binaire': (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":"<b>"}'),
    })
    await expect(page.goto(dpi('/muet'), { timeout: 100 })).rejects.toThrow('Timeout 100ms')
    await expect(page.goto(dpi('/sans-fin'), { timeout: 100 })).rejects.toThrow('Timeout 100ms')
    await expect(page.locator('h1').waitFor({ timeout: 100 })).rejects.toThrow('Timeout 100ms')
    await page.goto(dpi('/enorme'), { timeout: 20_000 }).catch(() => {})
    await page.goto(dpi('/casse'))
    expect(await page.locator('body').innerText()).toContain('Reste')
    await expect(page.goto(dpi('/coupe'))).rejects.toThrow()
    await expect(page.goto(dpi('/charabia'))).rejects.toThrow('ERR_')
    await page.goto(dpi('/binaire'))
    expect(await page.locator('body').innerText()).toBe('{"a":"<b>"}')
    await expect(page.goto(dpi('/vide'))).rejects.toThrow('ERR_ABORTED')
    expect(page.url()).toBe(dpi('/binaire'))
  })

  it('closing a profile ends what is on its way', async () => {
    await serve({ '/muet': () => {} })
    const going = page.goto(dpi('/muet'), { timeout: 60_000 })
    const waiting = page.waitForURL(/x/)
    going.catch(() => {})
    waiting.catch(() => {})
    await context.close()
    await expect(going).rejects.toThrow()
    await expect(waiting).rejects.toThrow('closed')
  })
})
