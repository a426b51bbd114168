import type { Locator } from 'playwright'
import { deadlineIn, TimedOut, within } from './deadline.ts'
import { formOf, held, incomplete, isSubmitter, optionValue } from './forms.ts'
import { resolveUrl } from './loader.ts'
import { baseOf, type Tab } from './page.ts'
import {
  byAttribute,
  byCss,
  byLabel,
  byRole,
  byTestId,
  byText,
  isDisabled,
  type Query,
  type RoleOptions,
  type TextMatch,
  type TextOptions,
} from './queries.ts'
import { policyOf } from './referrer.ts'
import { NeedsRendering, partial, SCRIPTED, USE_BROWSER } from './unsupported.ts'
import { innerText, visible } from './visible.ts'

type Timed = { readonly timeout?: number }
type Filter = {
  readonly hasText?: TextMatch
  readonly hasNotText?: TextMatch
  readonly has?: Locator
  readonly hasNot?: Locator
  readonly visible?: boolean
}

/** Makes the locators of one page. */
export interface Locators {
  /** `locator`, `getByRole`… below a query. */
  of(within: Query): object
  press(key: string): Promise<void>
}

/** The query behind a locator's face. */
const QUERIES = new WeakMap<object, Query>()

export function createLocators(tab: Tab): Locators {
  const below =
    (outer: Query, inner: Query): Query =>
    (root) =>
      ordered(root, new Set(outer(root).flatMap((element) => inner(element))))

  function of(outer: Query): object {
    const make = (inner: Query) => locator(below(outer, inner))
    return {
      locator: (selector: string, options: Filter = {}) => locator(filtered(below(outer, byCss(selector)), options)),
      getByRole: (role: string, options?: RoleOptions) => make(byRole(role, options)),
      getByText: (text: TextMatch, options?: TextOptions) => make(byText(text, options)),
      getByLabel: (text: TextMatch, options?: TextOptions) => make(byLabel(text, options)),
      getByTestId: (id: TextMatch) => make(byTestId(id)),
      getByPlaceholder: (text: TextMatch, options?: TextOptions) => make(byAttribute('placeholder', text, options)),
      getByTitle: (text: TextMatch, options?: TextOptions) => make(byAttribute('title', text, options)),
      getByAltText: (text: TextMatch, options?: TextOptions) => make(byAttribute('alt', text, options)),
    }
  }

  /** Looks until something is found, as long as the page moves; at rest, what is not there will not come. */
  async function look<Found>(what: string, timeout: number, find: (document: Document) => Found | undefined): Promise<Found> {
    tab.touch()
    const deadline = deadlineIn(timeout)
    try {
      for (;;) {
        const found = find(await tab.document(deadline))
        if (found !== undefined) return found
        const movement = tab.movement()
        if (movement) await within(movement, deadline)
        else if (!tab.hurry(deadline)) break
      }
    } catch (error) {
      if (error instanceof TimedOut) throw new Error(`${what}: Timeout ${timeout}ms exceeded.`)
      throw error instanceof Error && !error.message.startsWith(what) ? new Error(`${what}: ${error.message}`, { cause: error }) : error
    }
    if (tab.shown().parsed?.scripted) {
      tab.profile.needsRendering()
      throw new NeedsRendering(`${what}: ${SCRIPTED}`)
    }
    throw new Error(`${what}: la page est au repos et l'élément n'y est pas`)
  }

  function locator(query: Query): Locator {
    const now = async () => query(await tab.document(deadlineIn(tab.profile.timeout())))
    /** What is not there yet is not visible: no error, as in Playwright. */
    const seen = async () => (await now().catch(() => [])).slice(0, 1).some(visible)
    const one = (what: string, { timeout = tab.profile.timeout() }: Timed = {}, fits: (element: Element) => boolean = () => true) =>
      look(`locator.${what}`, timeout, (document) => {
        const found = query(document)
        if (found.length > 1) throw new Error(`locator.${what}: strict mode violation: ${found.length} éléments répondent, il en faut un seul`)
        return found.find(fits)
      })
    const ready = (element: Element) => visible(element) && !isDisabled(element)
    const face = partial<Locator>('locator', {
      ...of(query),
      page: () => undefined,
      first: () => locator((root) => query(root).slice(0, 1)),
      last: () => locator((root) => query(root).slice(-1)),
      nth: (index: number) => locator((root) => query(root).slice(index, index === -1 ? undefined : index + 1)),
      or: (other: Locator) => locator((root) => ordered(root, new Set([...query(root), ...queryOf(other)(root)]))),
      and: (other: Locator) =>
        locator((root) => {
          const others = new Set(queryOf(other)(root))
          return query(root).filter((element) => others.has(element))
        }),
      filter: (options: Filter) => locator(filtered(query, options)),
      count: async () => (await now()).length,
      all: async () => (await now()).map((_, index) => locator((root) => query(root).slice(index, index + 1))),
      allInnerTexts: async () => (await now()).map(innerText),
      allTextContents: async () => (await now()).map(({ textContent }) => textContent ?? ''),
      isVisible: seen,
      isHidden: async () => !(await seen()),
      isEnabled: async (options?: Timed) => !isDisabled(await one('isEnabled', options)),
      isDisabled: async (options?: Timed) => isDisabled(await one('isDisabled', options)),
      isChecked: async (options?: Timed) => (await one('isChecked', options)).hasAttribute('checked'),
      innerText: async (options?: Timed) => innerText(await one('innerText', options)),
      textContent: async (options?: Timed) => (await one('textContent', options)).textContent,
      innerHTML: async (options?: Timed) => (await one('innerHTML', options)).innerHTML,
      inputValue: async (options?: Timed) => held(await one('inputValue', options)),
      getAttribute: async (name: string, options?: Timed) => (await one('getAttribute', options)).getAttribute(name),
      async waitFor({ state = 'visible', timeout = tab.profile.timeout() }: Timed & { readonly state?: string } = {}) {
        await look('locator.waitFor', timeout, (document) => {
          const found = query(document)
          if (state === 'attached') return found[0]
          if (state === 'detached') return found.length === 0 || undefined
          return state === 'hidden' ? !found.some(visible) || undefined : found.find(visible)
        })
      },
      async click(options: Timed = {}) {
        const element = await one('click', options, ready)
        await settle('locator.click', () => press(element), options.timeout ?? tab.profile.timeout())
      },
      async press(key: string, options: Timed = {}) {
        tab.focus = await one('press', options, ready)
        await keyed(key)
      },
      async fill(value: string, options: Timed = {}) {
        const element = await one('fill', options, ready)
        tab.focus = element
        if (element.localName === 'textarea') element.textContent = value
        else element.setAttribute('value', value)
      },
      async clear(options: Timed = {}) {
        ;(await one('clear', options, ready)).setAttribute('value', '')
      },
      check: async (options: Timed = {}) => tick(await one('check', options, ready), true),
      uncheck: async (options: Timed = {}) => tick(await one('uncheck', options, ready), false),
      setChecked: async (on: boolean, options: Timed = {}) => tick(await one('setChecked', options, ready), on),
      async selectOption(wanted: string | { readonly label?: string; readonly value?: string; readonly index?: number }, options: Timed = {}) {
        const select = await one('selectOption', options, ready)
        const offered = [...select.querySelectorAll('option')]
        const text = (option: Element) => (option.textContent ?? '').replace(/\s+/g, ' ').trim()
        const chosen = offered.find((option, index) =>
          typeof wanted === 'string'
            ? optionValue(option) === wanted || text(option) === wanted
            : (wanted.value === undefined || optionValue(option) === wanted.value) &&
              (wanted.label === undefined || text(option) === wanted.label) &&
              (wanted.index === undefined || index === wanted.index),
        )
        if (!chosen) throw new Error(`locator.selectOption: ce choix n'est pas dans la liste`)
        for (const option of offered) option.removeAttribute('selected')
        chosen.setAttribute('selected', '')
        return [optionValue(chosen)]
      },
      async focus(options: Timed = {}) {
        tab.focus = await one('focus', options)
      },
      hover: async (options: Timed = {}) => void (await one('hover', options, ready)),
      scrollIntoViewIfNeeded: async () => {},
      async evaluate(run: (element: Element, argument?: unknown) => unknown, argument?: unknown, options: Timed = {}) {
        return run(await one('evaluate', options), argument)
      },
    })
    QUERIES.set(face, query)
    return face
  }

  /** What a press does by itself; a page that begins to change is followed until the new document begins, or fails, or takes too long. */
  async function settle(what: string, act: () => Promise<unknown>, timeout: number): Promise<void> {
    tab.touch()
    const moved = act()
    moved.catch(() => {})
    try {
      await within(moved, deadlineIn(timeout))
    } catch (error) {
      if (!(error instanceof NeedsRendering)) return
      tab.profile.needsRendering()
      throw new NeedsRendering(`${what}: ${error.message}`)
    }
  }

  async function press(target: Element): Promise<unknown> {
    const element = target.closest('a[href], area[href], button, input, label, summary, option') ?? target
    if (element.closest('[onclick]') || (isSubmitter(element) && formOf(element)?.hasAttribute('onsubmit'))) throw new NeedsRendering(SCRIPTED)
    if (element.matches('a[href], area[href]')) return follow(element)
    if (isSubmitter(element)) return send(element)
    if (element.localName === 'label') {
      const id = element.getAttribute('for')
      const field = id === null ? element.querySelector('input, select, textarea, button') : element.ownerDocument.getElementById(id)
      if (field && !isDisabled(field)) await press(field)
      return
    }
    if (element.localName === 'summary') {
      const details = element.parentElement
      return details?.toggleAttribute('open')
    }
    const type = element.getAttribute('type')?.toLowerCase()
    if (element.localName === 'input' && (type === 'checkbox' || type === 'radio'))
      return tick(element, type === 'radio' || !element.hasAttribute('checked'))
    if (element.localName === 'input' && type !== 'button' && type !== 'reset') {
      tab.focus = element
      return
    }
    // Only a script could answer to this press.
    if (tab.shown().parsed?.scripted) throw new NeedsRendering(SCRIPTED)
  }

  async function follow(link: Element): Promise<unknown> {
    const href = link.getAttribute('href') ?? ''
    const shown = tab.shown()
    if (/^\s*javascript:/i.test(href)) throw new NeedsRendering(SCRIPTED)
    const target = link.getAttribute('target')
    if (target && !['_self', '_top', '_parent'].includes(target)) throw new NeedsRendering(`ce lien ouvre une autre fenêtre : ${USE_BROWSER}`)
    const url = resolveUrl(href, baseOf(shown))
    if (!url || link.hasAttribute('download')) return
    if (url.hash !== '' && url.href.split('#')[0] === shown.url.href.split('#')[0]) return
    const silent = /\bnoreferrer\b/i.test(link.getAttribute('rel') ?? '')
    const policy = silent ? 'no-referrer' : (policyOf(link.getAttribute('referrerpolicy')) ?? shown.policy)
    return tab.go({ method: 'GET', url, initiator: shown.url, policy })
  }

  async function send(button: Element): Promise<unknown> {
    const form = formOf(button)
    if (!form) {
      if (tab.shown().parsed?.scripted) throw new NeedsRendering(SCRIPTED)
      return
    }
    return incomplete(form, button) ? undefined : tab.submit(form, button)
  }

  /** Enter sends the form of the field, by its first button (HTML §4.10.22.2). */
  async function keyed(key: string): Promise<void> {
    const { focus } = tab
    if (key === 'Tab' || key === 'Escape') return
    if (key !== 'Enter' || !focus) throw new NeedsRendering(`keyboard.press: la touche « ${key} » demande un vrai navigateur : ${USE_BROWSER}`)
    const form = formOf(focus)
    if (focus.matches('a[href], button') || isSubmitter(focus)) return settle('keyboard.press', () => press(focus), tab.profile.timeout())
    if (!form) return
    const button = [...form.ownerDocument.querySelectorAll('button, input')].find((one) => isSubmitter(one) && formOf(one) === form)
    if (button ? isDisabled(button) : false) return
    await settle('keyboard.press', async () => (button ? press(button) : tab.submit(form, undefined)), tab.profile.timeout())
  }

  return { of, press: keyed }
}

function tick(box: Element, on: boolean): void {
  if (box.getAttribute('type')?.toLowerCase() === 'radio') {
    for (const other of box.ownerDocument.querySelectorAll('input[type="radio" i]'))
      if (other.getAttribute('name') === box.getAttribute('name') && formOf(other) === formOf(box)) other.removeAttribute('checked')
  }
  box.toggleAttribute('checked', on)
}

function queryOf(locator: Locator): Query {
  const query = QUERIES.get(locator)
  if (!query) throw new Error('locator: ce repère vient d’un autre moteur')
  return query
}

function filtered(query: Query, { hasText, hasNotText, has, hasNot, visible: wanted }: Filter): Query {
  const contains = (element: Element, text: TextMatch) =>
    typeof text === 'string' ? squeeze(element).toLowerCase().includes(text.replace(/\s+/g, ' ').trim().toLowerCase()) : text.test(squeeze(element))
  return (root) =>
    query(root).filter(
      (element) =>
        (hasText === undefined || contains(element, hasText)) &&
        (hasNotText === undefined || !contains(element, hasNotText)) &&
        (has === undefined || queryOf(has)(element).length > 0) &&
        (hasNot === undefined || queryOf(hasNot)(element).length === 0) &&
        (wanted === undefined || visible(element) === wanted),
    )
}

function squeeze({ textContent }: Element): string {
  return (textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** A set of elements in the order of the document. */
function ordered(root: Document | Element, found: ReadonlySet<Element>): Element[] {
  if (found.size < 2) return [...found]
  return [...root.querySelectorAll('*')].filter((element) => found.has(element))
}
