import type { DpiConfiguration } from './configuration.ts'
import type { Defects } from './defects.ts'

/**
 * The page that a login was asked to come back to, as a path of this DPI: null for anything that a browser would take elsewhere
 * (RFC 9700 §4.11.1). Browsers read a backslash as a slash, drop tabs, and take what stands before an `@` for a name.
 */
export function returnPage(asked: unknown, { baseUrl }: DpiConfiguration, defects: Defects): string | null {
  if (typeof asked !== 'string' || asked === '') return null
  if (defects.has('return-to-anywhere')) return asked
  if (defects.has('return-to-slash') && asked.startsWith('/')) return asked
  if (defects.has('return-to-single-slash') && asked.startsWith('/') && !asked.startsWith('//')) return asked
  if (defects.has('return-to-prefix') && asked.startsWith(baseUrl.origin)) return asked
  if (defects.has('return-to-blacklist') && !/^(https?:)?\/\//.test(asked)) return asked
  if (/[^\x21-\x5b\x5d-\x7e]/.test(asked) || !URL.canParse(asked, baseUrl)) return null
  const url = new URL(asked, baseUrl)
  if (url.origin !== baseUrl.origin || url.username !== '' || url.password !== '') return null
  return url.pathname.startsWith('//') ? null : url.pathname + url.search
}
