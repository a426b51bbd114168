import type { Verdict } from '#core/verdict.ts'
import { imageFacts } from '../image.ts'
import { escapeHtml, typeset } from '../text.ts'
import { VERDICT_SYMBOLS } from '../words.ts'
import type { Fact } from './identification.ts'
import { verdictWords } from './model.ts'

/** Our own prose, escaped, with French typography. */
export function prose(text: string): string {
  return escapeHtml(typeset(text))
}

/** A verdict: sign, word and colour. */
export function badge(verdict: Verdict): string {
  return `<span class="verdict v-${verdict}">${VERDICT_SYMBOLS[verdict]} ${prose(verdictWords(verdict))}</span>`
}

export function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${prose(text)}</p>`).join('\n')
}

/** `items` are markup already. */
export function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
}

/** A table with a caption and a header row; cells are markup already, the first of each row is its header. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[], classes: readonly string[] = []): string {
  const attribute = (index: number) => (classes[index] ? ` class="${classes[index]}"` : '')
  const header = head.map((text, index) => `<th scope="col"${attribute(index)}>${prose(text)}</th>`).join('')
  const body = rows.map(
    ([first, ...cells]) =>
      `<tr><th scope="row"${attribute(0)}>${first ?? ''}</th>${cells.map((cell, index) => `<td${attribute(index + 1)}>${cell}</td>`).join('')}</tr>`,
  )
  return `<table><caption>${prose(caption)}</caption><thead><tr>${header}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

/** Labels and values, one a row. */
export function facts(caption: string, rows: readonly Fact[]): string {
  const body = rows.map(([label, value]) => `<tr><th scope="row">${prose(label)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')
  return `<table class="facts"><caption>${prose(caption)}</caption><tbody>${body}</tbody></table>`
}

export function digest(sha256: string): string {
  return `<span class="digest">${escapeHtml(sha256)}</span>`
}

/** @example <figure> with the picture inside the page itself, or nothing when it is not there or no picture. */
export function figure(picture: Buffer | undefined, title: string): string {
  const facts = picture && imageFacts(picture)
  if (facts === undefined) return ''
  const source = `data:${facts.mime};base64,${picture?.toString('base64')}`
  return `<figure><img src="${source}" alt="${prose(title)}"><figcaption>${prose(title)}</figcaption></figure>`
}
