const NEVER = new Set(['head', 'script', 'style', 'template', 'noscript', 'title', 'meta', 'link', 'datalist', 'param', 'source', 'track', 'area'])
const BLOCK = new Set(
  'address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section select summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
/** Elements that take room without any text in them. */
const REPLACED = 'img, input, button, select, textarea, svg, canvas, iframe, video, audio, object, embed, hr, meter, progress'

/** Is the element kept from view by itself: markup that is never shown, `hidden`, an inline style, a closed `details`? Style sheets are not read. */
export function hides(element: Element): boolean {
  if (NEVER.has(element.localName) || element.hasAttribute('hidden')) return true
  if (element.localName === 'input' && element.getAttribute('type')?.toLowerCase() === 'hidden') return true
  if (element.localName === 'dialog' && !element.hasAttribute('open')) return true
  const parent = element.parentElement
  if (parent?.localName === 'details' && !parent.hasAttribute('open') && element.localName !== 'summary') return true
  const style = element.getAttribute('style')
  return style !== null && /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))/i.test(style)
}

/** Neither the element nor what holds it is hidden. */
export function shown(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) if (hides(at)) return false
  return true
}

/** Shown, and takes room: text or something drawn. */
export function visible(element: Element): boolean {
  if (!shown(element)) return false
  if (element.matches(REPLACED)) return true
  return innerText(element).trim() !== '' || [...element.querySelectorAll(REPLACED)].some(shown)
}

/** CSS `display`, as far as it decides on spaces. */
export function displayOf(element: Element): string {
  return hides(element) ? 'none' : BLOCK.has(element.localName) ? 'block' : 'inline'
}

/** The text that a person would read (HTML §3.2.7), line breaks at blocks, without what is hidden. */
export function innerText(element: Element): string {
  const text = createText()
  if (hides(element)) return element.textContent ?? ''
  for (const child of element.childNodes) read(child, text, element.localName === 'pre')
  return text.end()
}

function read(node: Node, text: Text, verbatim: boolean): void {
  if (node.nodeType === 3) text.add(node.nodeValue ?? '', verbatim)
  if (node.nodeType !== 1) return
  const element = node as Element
  const name = element.localName
  if (hides(element)) return
  if (name === 'br') text.newline()
  if (name === 'textarea' || name === 'input') return
  const breaks = name === 'p' ? 2 : BLOCK.has(name) ? 1 : 0
  if (breaks > 0) text.atLeast(breaks)
  for (const child of element.childNodes) read(child, text, verbatim || name === 'pre')
  if ((name === 'td' || name === 'th') && element.nextElementSibling) text.tab()
  if (breaks > 0) text.atLeast(breaks)
}

interface Text {
  add(words: string, verbatim: boolean): void
  newline(): void
  tab(): void
  /** Line breaks before what follows, unless there are as many. */
  atLeast(breaks: number): void
  end(): string
}

function createText(): Text {
  const parts: string[] = []
  let wanted = 0
  const last = () => parts.at(-1) ?? ''
  /** Spaces before a break are not shown. */
  const trim = () => {
    for (let part = last(); part.endsWith(' '); part = last()) {
      const rest = part.trimEnd()
      if (rest !== '') {
        parts[parts.length - 1] = part.replace(/ +$/, '')
        return
      }
      parts.pop()
    }
  }
  const flush = () => {
    if (wanted > 0 && parts.length > 0) {
      trim()
      parts.push('\n'.repeat(wanted))
    }
    wanted = 0
  }
  const end = (mark: string) => {
    flush()
    trim()
    parts.push(mark)
  }
  return {
    add(words, verbatim) {
      const atStart = parts.length === 0 || wanted > 0 || /\s$/.test(last())
      const text = verbatim ? words : words.replace(/[ \t\r\n\f]+/g, ' ')
      const rest = atStart && !verbatim ? text.replace(/^ /, '') : text
      if (rest === '') return
      flush()
      parts.push(rest)
    },
    newline: () => end('\n'),
    tab: () => end('\t'),
    atLeast(breaks) {
      wanted = Math.max(wanted, breaks)
    },
    end() {
      trim()
      return parts.join('')
    },
  }
}
