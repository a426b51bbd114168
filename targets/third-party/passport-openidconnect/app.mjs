// A DPI on passport-openidconnect, Passport and Express, as the strategy's README and CHANGELOG and its example application
// (passport/todos-express-openidconnect) say. What each setting is for stands in README.md.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'
import { HEADERS, patients, refusal, style, welcome } from '../pages.mjs'

const { env } = process
const PRODUCT = 'passport-openidconnect et Express'
const LEVELS = ['eidas1', 'eidas2', 'eidas3']
// The strategy has no discovery: the addresses are copied from the provider's document when the application starts.
const provider = await (await fetch(env.HOSPICERT_DISCOVERY_URL)).json()

passport.use(
  new OpenIDConnectStrategy(
    {
      issuer: env.HOSPICERT_ISSUER,
      authorizationURL: provider.authorization_endpoint,
      tokenURL: provider.token_endpoint,
      userInfoURL: provider.userinfo_endpoint,
      clientID: env.HOSPICERT_CLIENT_ID,
      clientSecret: env.HOSPICERT_CLIENT_SECRET,
      callbackURL: env.HOSPICERT_REDIRECT_URI,
      scope: env.HOSPICERT_SCOPE.split(' ').filter((scope) => scope !== 'openid'),
      acrValues: env.HOSPICERT_ACR_VALUES,
      nonce: true,
    },
    function verify(_issuer, uiProfile, idProfile, context, _idToken, _accessToken, _refreshToken, _params, done) {
      if (uiProfile?.id !== idProfile.id) return done(null, false, { message: 'identité d’un autre sujet' })
      if (!LEVELS.includes(context.class)) return done(null, false, { message: 'niveau de garantie insuffisant' })
      const { givenName, familyName } = uiProfile.name ?? {}
      return done(null, { name: `${givenName} ${familyName}`, nationalId: uiProfile.username, level: context.class })
    },
  ),
)
passport.serializeUser((user, done) => process.nextTick(done, null, user))
passport.deserializeUser((user, done) => process.nextTick(done, null, user))

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
app.use(passport.authenticate('session'))

app.get('/', ({ user }, response) => {
  response.send(user ? patients(PRODUCT, user, '/deconnexion') : welcome(PRODUCT, '/connexion'))
})

app.get('/connexion', passport.authenticate('openidconnect'))

app.get(
  new URL(env.HOSPICERT_REDIRECT_URI).pathname,
  passport.authenticate('openidconnect', { successRedirect: '/', failureRedirect: '/refus', failureMessage: true }),
)

app.get('/refus', ({ session }, response) => {
  response.status(403).send(refusal(PRODUCT, REFUSED, session.messages?.at(-1), '/connexion'))
})

app.post('/deconnexion', (request, response, next) => {
  request.logout((error) => (error ? next(error) : response.redirect(303, '/')))
})

const REFUSED =
  'La connexion avec Pro Santé Connect n’a pas abouti : personne n’est connecté. Recommencez ; si le refus persiste, prévenez le service informatique.'

app.use((error, _request, response, _next) => {
  console.error(error.name, error.message)
  response.status(403).send(refusal(PRODUCT, REFUSED, error.message, '/connexion'))
})

// What the strategy throws out of Express's reach would stop the application for everybody (issue 122 of the strategy); the visitor concerned is left waiting.
process.on('uncaughtException', (error) => console.error('hors de portée', error.name, error.message))

createServer({ cert: readFileSync(env.HOSPICERT_TLS_CERT_FILE), key: readFileSync(env.HOSPICERT_TLS_KEY_FILE) }, app).listen(
  new URL(env.HOSPICERT_BASE_URL).port,
  '127.0.0.1',
)
