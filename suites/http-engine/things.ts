import { allowed, type Directive } from './content-policy.ts'
import { resolveUrl } from './loader.ts'
import { policyOf, type ReferrerPolicy } from './referrer.ts'

/** Something that a document fetches by itself. */
export interface Thing {
  readonly url: URL
  readonly kind: 'frame' | 'thing'
  readonly policy: ReferrerPolicy
}

const FETCHED: readonly { readonly css: string; readonly attribute: string; readonly directive: Directive; readonly kind: 'frame' | 'thing' }[] = [
  { css: 'img[src], input[type="image" i][src]', attribute: 'src', directive: 'img-src', kind: 'thing' },
  { css: 'script[src]', attribute: 'src', directive: 'script-src', kind: 'thing' },
  { css: 'link[rel~="stylesheet" i][href]', attribute: 'href', directive: 'style-src', kind: 'thing' },
  { css: 'video[src], audio[src]', attribute: 'src', directive: 'media-src', kind: 'thing' },
  { css: 'embed[src]', attribute: 'src', directive: 'object-src', kind: 'thing' },
  { css: 'object[data]', attribute: 'data', directive: 'object-src', kind: 'thing' },
  { css: 'iframe[src], frame[src]', attribute: 'src', directive: 'frame-src', kind: 'frame' },
]

/**
 * What a document fetches that could tell somebody something: frames, and whatever stands on another origin. The product's own pictures,
 * styles and scripts change nothing that is looked at, and are left where they are.
 */
export function thingsOf(document: Document, base: URL, self: URL, policy: ReferrerPolicy, contentPolicy: string | undefined): Thing[] {
  return FETCHED.flatMap(({ css, attribute, directive, kind }) =>
    [...document.querySelectorAll(css)].flatMap((element) => {
      const url = resolveUrl(element.getAttribute(attribute) ?? '', base)
      if (!url || !/^https?:$/.test(url.protocol) || (kind === 'thing' && url.origin === self.origin)) return []
      if (!allowed(contentPolicy, directive, self, url)) return []
      return [{ url, kind, policy: policyOf(element.getAttribute('referrerpolicy')) ?? policy }]
    }),
  )
}
