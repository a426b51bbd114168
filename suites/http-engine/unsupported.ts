/** What a person is told when a page or a gesture needs a real browser. */
export const USE_BROWSER = 'utilisez le moteur navigateur (--engine browser)'
export const SCRIPTED = `ce produit s'affiche par script : ${USE_BROWSER}`

/** A page that this engine cannot show, or a gesture that it does not have. */
export class NeedsRendering extends Error {
  readonly code = 'NEEDS_RENDERING'
}

/** These answer at once in Playwright's interface; the others with a promise. */
const AT_ONCE = new Set(['frame', 'frames', 'frameLocator', 'contentFrame', 'workers', 'video', 'viewportSize', 'locator'])

/**
 * Playwright's interface in part: what is there works as it does in a browser, what is not says so in French.
 * @param name for the sentence: `page`, `locator`, `context`, `browser`
 */
export function partial<Whole extends object>(name: string, part: object): Whole {
  return new Proxy(part, {
    get(target, member, receiver) {
      if (member in target || typeof member !== 'string' || ['then', 'toJSON', 'asymmetricMatch', 'nodeType', 'tagName'].includes(member))
        return Reflect.get(target, member, receiver)
      const missing = () => new NeedsRendering(`${name}.${member}: ce geste n'existe pas dans le moteur HTTP, ${USE_BROWSER}`)
      if (member.startsWith('_')) return undefined
      return AT_ONCE.has(member)
        ? () => {
            throw missing()
          }
        : () => Promise.reject(missing())
    },
  }) as Whole
}
