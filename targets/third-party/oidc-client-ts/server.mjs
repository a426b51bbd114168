// Serves the page and its settings. The page is the OpenID Connect client; this server knows nothing of the login.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { HEADERS, style } from '../pages.mjs'

const { env } = process
const provider = await (await fetch(env.HOSPICERT_DISCOVERY_URL)).json()
const settings = {
  authority: env.HOSPICERT_ISSUER,
  metadataUrl: env.HOSPICERT_DISCOVERY_URL,
  client_id: env.HOSPICERT_CLIENT_ID,
  redirect_uri: env.HOSPICERT_REDIRECT_URI,
  post_logout_redirect_uri: env.HOSPICERT_POST_LOGOUT_REDIRECT_URI,
  scope: env.HOSPICERT_SCOPE,
  acr_values: env.HOSPICERT_ACR_VALUES,
}
const page = read('index.html')
const FILES = {
  '/': ['text/html', page],
  [new URL(settings.redirect_uri).pathname]: ['text/html', page],
  '/app.mjs': ['text/javascript', read('app.mjs')],
  '/oidc-client-ts.min.js': ['text/javascript', read('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js')],
  '/style.css': ['text/css', style],
  '/reglages.json': ['application/json', JSON.stringify(settings)],
}
const headers = {
  ...HEADERS,
  'content-security-policy': `default-src 'self'; connect-src 'self' ${new URL(provider.token_endpoint).origin}; img-src 'self' data:; frame-ancestors 'none'`,
}

createServer({ cert: readFileSync(env.HOSPICERT_TLS_CERT_FILE), key: readFileSync(env.HOSPICERT_TLS_KEY_FILE) }, ({ url }, response) => {
  const [type, body] = FILES[new URL(url, settings.redirect_uri).pathname] ?? []
  if (type === undefined) return response.writeHead(404, headers).end()
  return response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body)
}).listen(new URL(env.HOSPICERT_BASE_URL).port, '127.0.0.1')

function read(path) {
  return readFileSync(join(import.meta.dirname, path), 'utf8')
}
