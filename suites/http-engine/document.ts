import { parseHTML } from 'linkedom'

const IN_HEAD = new Set(['title', 'meta', 'link', 'style', 'script', 'base', 'noscript', 'template'])
/** Types of script that a browser runs. */
const RUNS = /^(|module|text\/(java|ecma)script|application\/((x-)?java|ecma)script)$/i

/** A document as a browser would have it before any script ran. */
export interface Parsed {
  readonly document: Document
  /** Where the page goes by itself, and after how many milliseconds. */
  readonly refresh?: { readonly url: string; readonly delay: number }
  /** The form that an inline script submits as soon as the page is read, and what the script adds to it. */
  readonly autoSubmit?: { readonly form: Element; readonly added: readonly (readonly [string, string])[] }
  /** Scripts that a browser would run, beside such a submission: what they do to the page is not known here. */
  readonly scripted: boolean
  readonly base?: string
}

/** @param type media type of the answer; what is not HTML is shown as text, as a browser does. */
export function parseDocument(source: string, type: string): Parsed {
  const html = /\b(html|xml)\b/.test(type) || type === '' ? source : `<!doctype html><html><body><pre>${escaped(source)}</pre></body></html>`
  const document = complete(html)
  const scripts = [...document.querySelectorAll('script')].filter((script) => RUNS.test(script.getAttribute('type') ?? ''))
  const autoSubmit = submission(document, scripts)
  const base = document.querySelector('base[href]')?.getAttribute('href')
  const refresh = refreshOf(document)
  return {
    document,
    scripted: !autoSubmit && scripts.some((script) => script.hasAttribute('src') || (script.textContent ?? '').trim() !== ''),
    ...(autoSubmit ? { autoSubmit } : {}),
    ...(refresh ? { refresh } : {}),
    ...(base ? { base } : {}),
  }
}

/** One root, one head and one body, whatever the source left out or wrote twice: the parser does not see to it. */
function complete(html: string): Document {
  const rooted = /<html[\s>]/i.test(html)
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? ''
  const { document } = parseHTML(rooted ? html : `<!doctype html><html>${html.slice(doctype.length)}</html>`)
  const root = document.documentElement
  for (const node of [...document.childNodes]) if (node !== root && (node.nodeType === 1 || node.nodeType === 3)) root.append(node)
  const [body, ...doubles] = root.querySelectorAll('body')
  for (const double of [...root.querySelectorAll('html'), ...doubles]) double.replaceWith(...double.childNodes)
  const head = [...root.children].find(({ localName }) => localName === 'head')
  if (root.querySelector('frameset')) return document
  gather(root, head ?? document.createElement('head'), body ?? document.createElement('body'))
  return document
}

/** What may stand in a head and comes first goes there, all the rest into the body. */
function gather(root: Element, head: Element, body: Element): void {
  let started = false
  const before: Node[] = []
  const after: Node[] = []
  for (const node of [...root.childNodes]) {
    if (node === head) continue
    if (node === body) {
      started = true
      continue
    }
    const element = node.nodeType === 1 ? (node as Element) : undefined
    const heads = element ? IN_HEAD.has(element.localName) : (node.textContent ?? '').trim() === '' || node.nodeType === 8
    if (!started && heads) head.append(node)
    else if (body.parentNode === root && !started) before.push(node)
    else after.push(node)
    started ||= !heads && body.parentNode !== root
  }
  body.prepend(...before)
  body.append(...after)
  root.append(head, body)
}

function refreshOf(document: Document): Parsed['refresh'] {
  for (const meta of document.querySelectorAll('meta[http-equiv]')) {
    if (meta.getAttribute('http-equiv')?.toLowerCase() !== 'refresh') continue
    const found = /^\s*([\d.]+)\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*)["']?)?\s*$/i.exec(meta.getAttribute('content') ?? '')
    if (found) return { delay: Number.parseFloat(found[1] ?? '0') * 1000, url: found[2] ?? '' }
  }
  return undefined
}

/**
 * A page that only hands on a form: one form without a field to fill in, and a script or an `onload` that submits it. So do the pages of
 * `response_mode=form_post` and of sign-outs.
 */
function submission(document: Document, scripts: readonly Element[]): Parsed['autoSubmit'] {
  const forms = [...document.querySelectorAll('form')]
  if (
    forms.length === 0 ||
    forms.some((form) => form.querySelector('input:not([type="hidden" i]):not([type="submit" i]):not([type="image" i]), textarea, select'))
  )
    return undefined
  const inline = scripts.filter((script) => !script.hasAttribute('src')).map((script) => script.textContent ?? '')
  const code = [document.querySelector('body')?.getAttribute('onload') ?? '', ...inline].find(
    (text) =>
      /\b(submit|requestSubmit)\s*\(|\.click\s*\(/.test(text) && !/onclick|['"]click['"]|onchange|['"]change['"]/.test(text) && text.length < 4000,
  )
  if (!code) return undefined
  const named = /getElementById\(\s*['"]([^'"]+)['"]|document\.forms\.(\w+)|forms\[\s*['"]([^'"]+)['"]|document\.(?!forms\b)(\w+)\.submit/.exec(code)
  const name = named?.slice(1).find(Boolean)
  const numbered = /forms\[\s*(\d+)\s*\]/.exec(code)?.[1]
  const form =
    forms.find((one) => name !== undefined && [one.id, one.getAttribute('name')].includes(name)) ?? forms[Number(numbered ?? 0)] ?? forms[0]
  const added: [string, string][] = []
  if (/createElement\(\s*['"]input['"]/.test(code)) {
    const pairs = /\.name\s*=\s*['"]([^'"]+)['"][^=]*\.value\s*=\s*['"]([^'"]*)['"]/g
    for (const [, key = '', value = ''] of code.matchAll(pairs)) added.push([key, value])
  }
  return form ? { form, added } : undefined
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
