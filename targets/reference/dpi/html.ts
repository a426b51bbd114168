/** Markup that is safe to send: whatever was interpolated has been escaped. */
export interface Markup {
  readonly markup: string
}
type Piece = string | number | Markup | readonly Markup[] | null

/**
 * Builds markup; every text that is put in is escaped.
 * @example html`<p>${'<script>'}</p>`.markup // <p>&#60;script&#62;</p>
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: strings.reduce((text, string, index) => text + show(pieces[index - 1] ?? null) + string) }
}

/** Markup taken as it is; for constants, and for the one defect that forgets to escape. */
export function raw(markup: string): Markup {
  return { markup }
}

function show(piece: Piece): string {
  if (piece === null) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return String(piece).replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('\n')
}
