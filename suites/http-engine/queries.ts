import { type Concept, elementRoles, roleElements } from 'aria-query'
import { computeAccessibleName } from 'dom-accessibility-api'
import { NeedsRendering, USE_BROWSER } from './unsupported.ts'
import { displayOf, shown } from './visible.ts'

/** Finds elements below a root, in the order of the document. */
export type Query = (root: Document | Element) => Element[]
/** A text as Playwright takes it: part of it whatever the case, the whole of it when exact, or an expression. */
export type TextMatch = string | RegExp
export interface TextOptions {
  readonly exact?: boolean
}
export interface RoleOptions extends TextOptions {
  readonly name?: TextMatch
  readonly includeHidden?: boolean
  readonly level?: number
  readonly checked?: boolean
  readonly disabled?: boolean
}

const squeeze = (text: string) =>
  text
    .replace(/[\u200b\u00ad]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

function says(match: TextMatch, { exact = false }: TextOptions = {}): (text: string) => boolean {
  if (typeof match !== 'string') return (text) => match.test(squeeze(text))
  const wanted = squeeze(match)
  if (exact) return (text) => squeeze(text) === wanted
  const lower = wanted.toLowerCase()
  return (text) => squeeze(text).toLowerCase().includes(lower)
}

/** A CSS selector; Playwright's other languages are for the browser engine. */
export function byCss(selector: string): Query {
  const css = selector.replace(/^css=/, '')
  if (/^(text|xpath|role|id|data-testid|internal:\w+)=|^\(*\/\/|>>|:(has-text|text|visible|near|right-of|left-of|nth-match)\b/.test(css))
    throw new NeedsRendering(`locator: le sélecteur « ${selector} » n'est pas du CSS, ${USE_BROWSER}`)
  return (root) => {
    try {
      return [...root.querySelectorAll(css)]
    } catch {
      throw new Error(`locator: le sélecteur CSS « ${selector} » n'est pas valable`)
    }
  }
}

export function byTestId(id: TextMatch): Query {
  return (root) =>
    [...root.querySelectorAll('[data-testid]')].filter((element) => {
      const value = element.getAttribute('data-testid') ?? ''
      return typeof id === 'string' ? value === id : id.test(value)
    })
}

export function byAttribute(name: string, match: TextMatch, options?: TextOptions): Query {
  const fits = says(match, options)
  return (root) => [...root.querySelectorAll(`[${name}]`)].filter((element) => fits(element.getAttribute(name) ?? ''))
}

/** The innermost elements whose text matches; buttons by their value. */
export function byText(match: TextMatch, options?: TextOptions): Query {
  const fits = says(match, options)
  return (root) => {
    const found: Element[] = []
    const start = root.nodeType === 9 ? (root as Document).documentElement : (root as Element)
    const visit = (element: Element): boolean => {
      if (['script', 'style', 'noscript', 'head', 'template'].includes(element.localName)) return false
      const place = found.length
      let inside = false
      for (const child of element.children) inside = visit(child) || inside
      if (inside) return true
      const text = element.matches('input[type="submit" i], input[type="button" i]') ? element.getAttribute('value') : element.textContent
      if (element === root || !fits(text ?? '')) return false
      found.splice(place, 0, element)
      return true
    }
    visit(start)
    return found
  }
}

const FIELDS = 'input:not([type="hidden" i]), textarea, select, button, meter, output, progress'

/** Fields by the text of their label, `aria-label` or `aria-labelledby`. */
export function byLabel(match: TextMatch, options?: TextOptions): Query {
  const fits = says(match, options)
  return (root) => {
    const document = root.nodeType === 9 ? (root as Document) : (root as Element).ownerDocument
    const labelled = new Set<Element>()
    for (const label of document.querySelectorAll('label')) {
      if (!fits(label.textContent ?? '')) continue
      const target = label.getAttribute('for')
      const field = target === null ? label.querySelector(FIELDS) : document.getElementById(target)
      if (field) labelled.add(field)
    }
    return [...root.querySelectorAll(`${FIELDS}, [aria-label], [aria-labelledby]`)].filter((element) => {
      if (labelled.has(element) || fits(element.getAttribute('aria-label') ?? '\u0000')) return true
      const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? []
      return ids.length > 0 && fits(ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' '))
    })
  }
}

const selectors = new Map<string, string>()
const KNOWN = new Set<string>(roleElements.keys())

/** A role (WAI-ARIA 1.2, HTML-AAM), by attribute or by the element itself, and an accessible name. Hidden elements are left out. */
export function byRole(role: string, options: RoleOptions = {}): Query {
  const { name, includeHidden = false, level, checked, disabled } = options
  const fits = name === undefined ? undefined : says(name, options)
  const selector = selectorOf(role)
  return (root) =>
    [...root.querySelectorAll(selector)].filter(
      (element) =>
        roleOf(element, role) &&
        (includeHidden || (shown(element) && !element.closest('[aria-hidden="true"]'))) &&
        (level === undefined || level === Number(element.getAttribute('aria-level') ?? /^h([1-6])$/.exec(element.localName)?.[1] ?? Number.NaN)) &&
        (checked === undefined || checked === (element.hasAttribute('checked') || element.getAttribute('aria-checked') === 'true')) &&
        (disabled === undefined || disabled === (isDisabled(element) || element.getAttribute('aria-disabled') === 'true')) &&
        (fits === undefined || fits(nameOf(element))),
    )
}

function selectorOf(role: string): string {
  const known = selectors.get(role)
  if (known) return known
  const implicit = [...elementRoles.entries()].filter(([, roles]) => [...roles].includes(role)).map(([concept]) => cssOf(concept))
  const made = [`[role~="${role}"]`, ...implicit].join(', ')
  selectors.set(role, made)
  return made
}

function cssOf({ name, attributes = [] }: Concept): string {
  return (
    name +
    attributes
      .map(({ name: attribute, value, constraints = [] }) => {
        if (constraints.includes('undefined')) return `:not([${attribute}])`
        if (constraints.includes('>1')) return `[${attribute}]:not([${attribute}="1"])`
        return value === undefined || constraints.includes('set') ? `[${attribute}]` : `[${attribute}="${value}"]`
      })
      .join('')
  )
}

/** The first known token of `role` counts; without one, the element's own role, which the selector has seen to. */
function roleOf(element: Element, role: string): boolean {
  const explicit = (element.getAttribute('role') ?? '').split(/\s+/).find((token) => KNOWN.has(token))
  return explicit === undefined || explicit === role
}

function nameOf(element: Element): string {
  return computeAccessibleName(element, {
    getComputedStyle: ((of: Element) => ({ getPropertyValue: (property: string) => (property === 'display' ? displayOf(of) : '') })) as never,
  })
}

export function isDisabled(element: Element): boolean {
  return (
    element.matches('button, input, select, textarea, option, fieldset') &&
    (element.hasAttribute('disabled') || !!element.closest('fieldset[disabled]'))
  )
}
