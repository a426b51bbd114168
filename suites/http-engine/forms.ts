import { isDisabled } from './queries.ts'

/** What a form sends, and where. */
export interface Submission {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly body?: string
  readonly type?: string
}

/** The form that a control belongs to, by `form=` or by its place. */
export function formOf(control: Element): Element | null {
  const id = control.getAttribute('form')
  if (id === null) return control.closest('form')
  const form = control.ownerDocument.getElementById(id)
  return form?.localName === 'form' ? form : null
}

export function isSubmitter(element: Element): boolean {
  const type = element.getAttribute('type')?.toLowerCase()
  if (element.localName === 'button') return type !== 'button' && type !== 'reset'
  return element.localName === 'input' && (type === 'submit' || type === 'image')
}

/** The controls of a form in the order of the document. */
export function controlsOf(form: Element): Element[] {
  return [...form.ownerDocument.querySelectorAll('input, select, textarea, button')].filter((control) => formOf(control) === form)
}

/** A required field that is empty keeps the browser from sending the form. */
export function incomplete(form: Element, submitter: Element | undefined): boolean {
  if (form.hasAttribute('novalidate') || submitter?.hasAttribute('formnovalidate')) return false
  return controlsOf(form).some(
    (control) => control.hasAttribute('required') && !isDisabled(control) && entriesOf(control).every(([, value]) => value === ''),
  )
}

/** HTML §4.10.22: the entries of a form, sent as its attributes (or those of the pressed button) say. Null when nothing would be sent. */
export function submissionOf(
  form: Element,
  submitter: Element | undefined,
  base: URL,
  added: readonly (readonly [string, string])[] = [],
): Submission | null {
  const attribute = (name: string) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name)
  const method = attribute('method')?.toLowerCase() ?? 'get'
  if (method === 'dialog') return null
  const url = new URL(attribute('action')?.trim() || base.href, base)
  const entries = [
    ...controlsOf(form).flatMap((control) => (isDisabled(control) || (isSubmitter(control) && control !== submitter) ? [] : entriesOf(control))),
    ...added,
  ]
  if (method !== 'post') {
    url.search = encoded(entries)
    return { method: 'GET', url }
  }
  if (attribute('enctype')?.toLowerCase() === 'multipart/form-data') return { method: 'POST', url, ...multipart(entries) }
  return { method: 'POST', url, body: encoded(entries), type: 'application/x-www-form-urlencoded' }
}

function encoded(entries: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(entries.map(([name, value]) => [name, value.replace(/\r?\n|\r/g, '\r\n')])).toString()
}

function multipart(entries: readonly (readonly [string, string])[]): { readonly body: string; readonly type: string } {
  const boundary = '----HospiCertFormBoundary'
  const parts = entries.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name.replaceAll('"', '%22')}"\r\n\r\n${value}\r\n`,
  )
  return { body: `${parts.join('')}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` }
}

function entriesOf(control: Element): (readonly [string, string])[] {
  const name = control.getAttribute('name')
  if (!name) return []
  if (control.localName === 'select') return chosen(control).map((option) => [name, optionValue(option)] as const)
  if (control.localName === 'textarea') return [[name, control.textContent ?? '']]
  const type = control.getAttribute('type')?.toLowerCase()
  const value = control.getAttribute('value')
  if (type === 'image') return [[`${name}.x`, '0'] as const, [`${name}.y`, '0'] as const]
  if (type === 'checkbox' || type === 'radio') return control.hasAttribute('checked') ? [[name, value ?? 'on']] : []
  if (type === 'button' || type === 'reset' || type === 'file') return []
  return [[name, value ?? '']]
}

/** The chosen options of a list; a single one has its first by default. */
function chosen(select: Element): Element[] {
  const options = [...select.querySelectorAll('option')]
  const marked = options.filter((option) => option.hasAttribute('selected') && !isDisabled(option))
  if (select.hasAttribute('multiple')) return marked
  return marked.length > 0 ? marked.slice(-1) : options.filter((option) => !isDisabled(option)).slice(0, 1)
}

export function optionValue(option: Element): string {
  return option.getAttribute('value') ?? (option.textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** What a field holds now. */
export function held(control: Element): string {
  if (control.localName === 'textarea') return control.textContent ?? ''
  if (control.localName === 'select') return chosen(control).map(optionValue)[0] ?? ''
  return control.getAttribute('value') ?? ''
}
