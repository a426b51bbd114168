/** A browser of a few lines: follows redirections, keeps cookies by origin. */
export interface TinyBrowser {
  open(url: string, form?: Record<string, string>): Promise<Page>
  setCookie(origin: string, name: string, value: string): void
  cookie(origin: string, name: string): string | undefined
}

export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
}

export function tinyBrowser(): TinyBrowser {
  const jar = new Map<string, Map<string, string>>()
  const cookies = (url: string) => {
    const { origin } = new URL(url)
    const found = jar.get(origin) ?? new Map<string, string>()
    jar.set(origin, found)
    return found
  }
  return {
    setCookie: (origin, name, value) => void cookies(origin).set(name, value),
    cookie: (origin, name) => cookies(origin).get(name),
    async open(start, form) {
      let [url, body] = [start, form && new URLSearchParams(form)]
      for (let hop = 0; hop < 12; hop++) {
        const cookie = [...cookies(url)].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...(body ? { method: 'POST', body } : {}) })
        for (const line of response.headers.getSetCookie()) {
          const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
          if (/Expires=Thu, 01 Jan 1970/.test(line)) cookies(url).delete(name)
          else cookies(url).set(name, value)
        }
        const location = response.headers.get('location')
        if (location === null) return { url, status: response.status, headers: response.headers, html: await response.text() }
        url = new URL(location, url).href
        body = undefined
      }
      throw new Error(`too many redirections: ${url}`)
    },
  }
}
