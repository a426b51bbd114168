import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'

const PAGE = join(import.meta.dirname, 'page')
const require = createRequire(import.meta.url)

/** Where the libraries stand, by the name under which the page imports them: their modules are served as they are. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'oidc-client-ts': join(dirname(require.resolve('oidc-client-ts/package.json')), 'dist/esm/oidc-client-ts.js'),
  'jwt-decode': join(dirname(createRequire(require.resolve('oidc-client-ts/package.json')).resolve('jwt-decode')), '../esm/index.js'),
  'jose/jws/compact/verify': join(joseFolder(), 'jws/compact/verify.js'),
  'jose/jwks/local': join(joseFolder(), 'jwks/local.js'),
}

function joseFolder(): string {
  return join(dirname(require.resolve('jose/package.json')), 'dist/webapi')
}

const IMPORTS = JSON.stringify({
  imports: Object.fromEntries(
    Object.keys(LIBRARIES).map((name) => [
      name,
      name.startsWith('jose/') ? `/lib/${name}.js` : `/lib/${name}/${LIBRARIES[name]?.split(/[\\/]/).at(-1)}`,
    ]),
  ),
})

/** The one page: its modules fill it. */
export const SHELL = readFileSync(join(PAGE, 'index.html'), 'utf8').replace('{"imports":{}}', IMPORTS)

/** Nothing runs but our modules, nothing is called but ourselves and the provider, nobody frames the page. */
export function policyOf(provider: string): string {
  const imports = `'sha256-${createHash('sha256').update(IMPORTS).digest('base64')}'`
  return `default-src 'none'; script-src 'self' ${imports}; style-src 'self'; img-src data:; connect-src 'self' ${provider}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

interface Asset {
  readonly type: string
  readonly text: string
}
const kept = new Map<string, Asset | undefined>()

/** A module of the page (types taken out) or of a library; undefined for anything else. */
export function readAsset(pathname: string): Asset | undefined {
  if (!kept.has(pathname)) kept.set(pathname, load(pathname))
  return kept.get(pathname)
}

function load(pathname: string): Asset | undefined {
  const own = /^\/page\/([\w-]+)\.(ts|css)$/.exec(pathname)
  if (own) {
    const path = join(PAGE, `${own[1]}.${own[2]}`)
    if (!existsSync(path)) return undefined
    const text = readFileSync(path, 'utf8')
    return own[2] === 'css' ? { type: 'text/css', text } : { type: 'text/javascript', text: stripTypeScriptTypes(text) }
  }
  // Shared with the other references.
  if (pathname === '/reading.ts')
    return { type: 'text/javascript', text: stripTypeScriptTypes(readFileSync(join(import.meta.dirname, '../reading.ts'), 'utf8')) }
  const library = /^\/lib\/(jose|oidc-client-ts|jwt-decode)\/((?:[\w-]+\/)*[\w-]+\.js)$/.exec(pathname)
  if (!library) return undefined
  const [, name = '', rest = ''] = library
  const path = join(name === 'jose' ? joseFolder() : dirname(LIBRARIES[name] ?? ''), rest)
  return existsSync(path) ? { type: 'text/javascript', text: readFileSync(path, 'utf8') } : undefined
}
