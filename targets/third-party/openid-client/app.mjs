// A DPI on openid-client and Express, as the library's README, its examples (examples/oidc.ts, examples/passport.ts) and its API
// reference say. What each setting is for stands in README.md.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import express from 'express'
import session from 'express-session'
import * as client from 'openid-client'
import { HEADERS, patients, refusal, style, welcome } from '../pages.mjs'

const { env } = process
const PRODUCT = 'openid-client et Express'
const LEVELS = ['eidas1', 'eidas2', 'eidas3']
const redirectUri = new URL(env.HOSPICERT_REDIRECT_URI)
/** Logins under way that a browser may have, one a tab. */
const TABS = 5

const config = await client.discovery(
  new URL(env.HOSPICERT_DISCOVERY_URL),
  env.HOSPICERT_CLIENT_ID,
  { id_token_signed_response_alg: 'RS256' },
  client.ClientSecretBasic(env.HOSPICERT_CLIENT_SECRET),
  { execute: [client.enableNonRepudiationChecks], timeout: 5 },
)

const app = express()
app.disable('x-powered-by')
app.use((_request, response, next) => next(void response.set(HEADERS)))
app.get('/style.css', (_request, response) => response.type('css').send(style))
app.use(
  session({
    name: '__Host-dpi',
    secret: crypto.randomUUID(),
    resave: false,
    saveUninitialized: false,
    cookie: { secure: true, httpOnly: true, sameSite: 'lax', path: '/', maxAge: 30 * 60 * 1000 },
    rolling: true,
  }),
)

app.get('/', ({ session }, response) => {
  response.send(session.professional ? patients(PRODUCT, session.professional, '/deconnexion') : welcome(PRODUCT, '/connexion'))
})

app.get('/connexion', async ({ session }, response) => {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  session.logins = [...(session.logins ?? []), { state, nonce, verifier }].slice(-TABS)
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri.href,
    scope: env.HOSPICERT_SCOPE,
    acr_values: env.HOSPICERT_ACR_VALUES,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  response.redirect(url.href)
})

app.get(redirectUri.pathname, async (request, response) => {
  const login = request.session.logins?.find(({ state }) => state === request.query.state)
  if (!login) throw new Error('aucune connexion en cours dans ce navigateur')
  request.session.logins = request.session.logins.filter((other) => other !== login)
  const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, redirectUri), {
    expectedState: login.state,
    expectedNonce: login.nonce,
    pkceCodeVerifier: login.verifier,
    idTokenExpected: true,
  })
  const { sub, acr } = tokens.claims()
  if (!LEVELS.includes(acr)) throw new Error('niveau de garantie insuffisant')
  const identity = await client.fetchUserInfo(config, tokens.access_token, sub)
  const { logins } = request.session
  await new Promise((done, fail) => request.session.regenerate((error) => (error ? fail(error) : done())))
  request.session.logins = logins
  request.session.professional = { name: `${identity.given_name} ${identity.family_name}`, nationalId: identity.SubjectNameID, level: acr }
  request.session.idToken = tokens.id_token
  response.redirect('/')
})

app.post('/deconnexion', (request, response) => {
  const { idToken } = request.session
  request.session.destroy(() => {
    const parameters = { post_logout_redirect_uri: env.HOSPICERT_POST_LOGOUT_REDIRECT_URI, ...(idToken ? { id_token_hint: idToken } : {}) }
    response.redirect(303, client.buildEndSessionUrl(config, parameters).href)
  })
})

app.use((error, _request, response, _next) => {
  console.error(error.code ?? error.name, error.message)
  const cancelled = error instanceof client.AuthorizationResponseError && error.error === 'access_denied'
  const sentence = cancelled
    ? 'Vous avez annulé la connexion avec Pro Santé Connect : personne n’est connecté.'
    : 'La connexion avec Pro Santé Connect n’a pas abouti : personne n’est connecté. Recommencez ; si le refus persiste, prévenez le service informatique.'
  response.status(403).send(refusal(PRODUCT, sentence, error.message, '/connexion'))
})

createServer({ cert: readFileSync(env.HOSPICERT_TLS_CERT_FILE), key: readFileSync(env.HOSPICERT_TLS_KEY_FILE) }, app).listen(
  new URL(env.HOSPICERT_BASE_URL).port,
  '127.0.0.1',
)
