import type { Json } from '#core/fault.ts'

/**
 * Text that came from elsewhere (the target, a journal, an error) as plain data: escape sequences, control codes, bidirectional
 * overrides and broken surrogates are gone; line feeds and tabs stay.
 * @example plain('\u001b[31mrouge\u001b[0m') === 'rouge'
 */
export function plain(text: string): string {
  return text
    .replace(/\p{Cc}\[[0-9;:?]*[ -/]*[@-~]/gu, '')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '')
    .toWellFormed()
}

/** `plain`, on one line. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim()
}

/** Cut to a width, with an ellipsis when something is missing. */
export function cut(text: string, width: number): string {
  const characters = [...text]
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}

/** Plain text inside HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)
}

/**
 * French typography for our own prose: no-break spaces, so that no line begins with a colon or ends with an opening guillemet,
 * and the curved apostrophe. Not for what was observed: that is shown as it was.
 */
export function typeset(text: string): string {
  return text
    .replace(/ ([:;?!»%€])/g, '\u00a0$1')
    .replace(/« /g, '«\u00a0')
    .replace(/(?<=\p{L})'(?=[\p{L}«])/gu, '’')
}

/** A JSON value as a person reads it in a diff; the absent value has a word of its own. */
export function showValue(value: Json | undefined): string {
  return value === undefined ? '(absent)' : plain(JSON.stringify(value))
}
