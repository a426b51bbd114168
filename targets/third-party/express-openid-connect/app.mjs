// A DPI on express-openid-connect, as its README.md, EXAMPLES.md (2, 3, 6, 8, 9 and 11) and API reference say. What each setting is for stands
// in README.md beside this file.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import express from 'express'
import oidc from 'express-openid-connect'
import memoryStore from 'memorystore'
import { HEADERS, patients, refusal, style, welcome } from '../pages.mjs'

const { env } = process
const PRODUCT = 'express-openid-connect'
const LEVELS = ['eidas1', 'eidas2', 'eidas3']

const app = express()
app.disable('x-powered-by')
app.use((_request, response, next) => next(void response.set(HEADERS)))
app.get('/style.css', (_request, response) => response.type('css').send(style))
app.use(
  oidc.auth({
    issuerBaseURL: env.HOSPICERT_DISCOVERY_URL,
    baseURL: env.HOSPICERT_BASE_URL,
    clientID: env.HOSPICERT_CLIENT_ID,
    clientSecret: env.HOSPICERT_CLIENT_SECRET,
    clientAuthMethod: 'client_secret_basic',
    secret: crypto.randomUUID(),
    authRequired: false,
    idpLogout: true,
    idTokenSigningAlg: 'RS256',
    enableTelemetry: false,
    authorizationParams: { response_type: 'code', scope: env.HOSPICERT_SCOPE, acr_values: env.HOSPICERT_ACR_VALUES },
    backchannelLogout: true,
    session: { store: new (memoryStore(oidc.auth))({}), rollingDuration: 1800, absoluteDuration: 14_400 },
    routes: {
      login: '/connexion',
      logout: false,
      backchannelLogout: new URL(env.HOSPICERT_BACKCHANNEL_LOGOUT_URI).pathname,
      callback: new URL(env.HOSPICERT_REDIRECT_URI).pathname,
      postLogoutRedirect: env.HOSPICERT_POST_LOGOUT_REDIRECT_URI,
    },
    getLoginState: (_request, { returnTo }) => ({ returnTo, customState: crypto.randomUUID() }),
    async afterCallback(request, _response, session) {
      const { acr } = request.oidc.idTokenClaims
      if (!LEVELS.includes(acr)) throw new Error('niveau de garantie insuffisant')
      const identity = await request.oidc.fetchUserInfo()
      const professional = { name: `${identity.given_name} ${identity.family_name}`, nationalId: identity.SubjectNameID, level: acr }
      return { ...session, professional }
    },
  }),
)

app.get('/', ({ oidc, appSession }, response) => {
  response.send(oidc.isAuthenticated() ? patients(PRODUCT, appSession.professional, '/deconnexion') : welcome(PRODUCT, '/connexion'))
})

app.post('/deconnexion', (_request, response) => response.oidc.logout())

app.use((error, _request, response, _next) => {
  console.error(error.error ?? error.name, error.message)
  const sentence =
    error.error === 'access_denied'
      ? 'Vous avez annulé la connexion avec Pro Santé Connect : personne n’est connecté.'
      : 'La connexion avec Pro Santé Connect n’a pas abouti : personne n’est connecté. Recommencez ; si le refus persiste, prévenez le service informatique.'
  response.status(403).send(refusal(PRODUCT, sentence, error.message, '/connexion'))
})

createServer({ cert: readFileSync(env.HOSPICERT_TLS_CERT_FILE), key: readFileSync(env.HOSPICERT_TLS_KEY_FILE) }, app).listen(
  new URL(env.HOSPICERT_BASE_URL).port,
  '127.0.0.1',
)
