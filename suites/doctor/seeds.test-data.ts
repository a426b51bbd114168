import type { AdviceId } from '#core/requirement.ts'

/** The reference's target file, as a careless person would change it. */
// biome-ignore lint/suspicious/noExplicitAny: what is tested is that anything may stand there
export type Loose = any

/** One misconfiguration that is sown, and the names by which the doctor must call it: all of these, in this order, and no other. */
export interface Seed {
  readonly named: readonly AdviceId[]
  /** Shell assignments in front of the product: what the person set wrongly in it. */
  readonly product?: string
  /** What the person wrote wrongly in the target file. */
  readonly target?: (target: Loose) => void
  /** Before the product starts: another program on its port. */
  readonly occupies?: 'wallet' | 'product'
}

const login = ({ driver }: Loose) => driver.login[0].click
/** A product that somebody else should have started. */
const elsewhere = (baseUrl: string) => (target: Loose) => {
  delete target.start
  delete target.variants
  target.baseUrl = baseUrl
  // A secret would have to come from the environment of this test.
  Object.assign(target.client, { auth: 'tls_client_auth', certificateSubject: 'CN=dpi' })
}
const nowhere = { css: '#absent' }

export const SEEDS: Readonly<Record<string, Seed>> = {
  // Settings of the product.
  'wrong secret': { named: ['client-secret'], product: 'HOSPICERT_CLIENT_SECRET=un-autre-secret' },
  'secret in the form instead of the header': { named: ['client-auth-method'], product: 'HOSPICERT_CLIENT_AUTH=client_secret_post' },
  'secret in the form and in the header': { named: ['client-auth-twice'], product: 'DPI_DEFECTS=two-client-authentications' },
  'another client id': { named: ['client-id'], product: 'HOSPICERT_CLIENT_ID=dpi-recette' },
  'discovery under another name': { named: ['discovery-path'], product: 'HOSPICERT_DISCOVERY_URL="$HOSPICERT_ISSUER/.well-known/psc"' },
  'standard discovery': {
    named: ['discovery-standard'],
    product: 'HOSPICERT_DISCOVERY_URL="$HOSPICERT_ISSUER/.well-known/openid-configuration"',
  },
  'issuer with a trailing slash': { named: ['issuer-mismatch'], product: 'HOSPICERT_ISSUER="$HOSPICERT_ISSUER/"' },
  'issuer of the production, discovery of the trial': {
    named: ['environment-mixed', 'issuer-mismatch'],
    product: 'HOSPICERT_ISSUER=https://auth.esante.gouv.fr/auth/realms/esante-wallet',
  },
  'return in http, behind a proxy that loses X-Forwarded-Proto': {
    named: ['redirect-uri-scheme'],
    product: `HOSPICERT_REDIRECT_URI="http\${HOSPICERT_REDIRECT_URI#https}"`,
  },
  'return with a trailing slash': { named: ['redirect-uri-slash'], product: 'HOSPICERT_REDIRECT_URI="$HOSPICERT_REDIRECT_URI/"' },
  'return to another port': { named: ['redirect-uri-port'], product: 'HOSPICERT_REDIRECT_URI=https://dpi.hopital.test:8443/retour' },
  'return to localhost': { named: ['redirect-uri-host'], product: 'HOSPICERT_REDIRECT_URI=https://localhost:8443/retour' },
  'return to another path': { named: ['redirect-uri-path'], product: 'HOSPICERT_REDIRECT_URI="$HOSPICERT_BASE_URL/oidc/retour"' },
  'return with a parameter': { named: ['redirect-uri-query'], product: 'DPI_DEFECTS=extends-redirect-uri' },
  'a scope that does not exist': { named: ['scope-unknown', 'scope-missing'], product: 'HOSPICERT_SCOPE="openid scope_tout"' },
  'no openid scope': { named: ['scope-openid'], product: 'HOSPICERT_SCOPE=scope_all' },
  'no identity scope': { named: ['scope-missing'], product: 'HOSPICERT_SCOPE="openid"' },
  'no level asked': { named: ['acr-missing'], product: 'DPI_DEFECTS=no-acr-values' },
  'another level asked': { named: ['acr-different'], product: 'HOSPICERT_ACR_VALUES=eidas3' },
  'no PKCE': { named: ['pkce-missing'], product: 'DPI_DEFECTS=no-pkce' },
  'plain PKCE': { named: ['pkce-plain'], product: 'DPI_DEFECTS=plain-pkce' },
  'hybrid flow': { named: ['response-type'], product: 'DPI_DEFECTS=implicit-flow' },
  'no verifier': { named: ['token-verifier'], product: 'DPI_DEFECTS=drops-verifier' },
  'derived authorization endpoint': { named: ['authorization-host'], product: 'DPI_DEFECTS=derives-authorization-endpoint' },
  'authority not trusted': { named: ['ca-not-trusted'], product: 'NODE_EXTRA_CA_CERTS=' },
  'name of the simulator unknown': { named: ['simulator-name'], product: 'HOSPICERT_HOSTS=' },
  'simulator at another port': {
    named: ['simulator-refused'],
    product: 'HOSPICERT_DISCOVERY_URL=https://auth.psc.test:2/auth/realms/esante-wallet/.well-known/wallet-openid-configuration',
  },
  'simulator under another name': {
    named: ['simulator-certificate-name'],
    target: (target) => {
      target.hosts = { 'psc.hopital.test': '127.0.0.1' }
    },
    product: `HOSPICERT_DISCOVERY_URL="https://psc.hopital.test\${HOSPICERT_DISCOVERY_URL#https://auth.psc.test}"`,
  },
  'simulator in http': {
    named: ['simulator-plain-http'],
    product: `HOSPICERT_DISCOVERY_URL="http://127.0.0.1\${HOSPICERT_DISCOVERY_URL#https://auth.psc.test}"`,
  },
  'clock ten minutes ahead': { named: ['product-clock', 'id-token-clock'], product: 'DPI_CLOCK_OFFSET=600' },
  'strict session cookie': { named: ['cookie-samesite'], product: 'DPI_COOKIE=samesite=strict' },
  'session cookie of another domain': { named: ['cookie-domain'], product: 'DPI_COOKIE=domain=autre.test' },
  'session cookie of another path': { named: ['cookie-path'], product: 'DPI_COOKIE=path=/connexion' },
  'secure session cookie of a server that believes to be in http': {
    named: ['cookie-not-set'],
    target: (target) => {
      target.baseUrl = 'http://dpi.hopital.test:0'
    },
    product: 'DPI_COOKIE=secure',
  },
  'unregistered return after the logout': {
    named: ['post-logout-uri'],
    product: 'HOSPICERT_POST_LOGOUT_REDIRECT_URI="$HOSPICERT_BASE_URL/sortie"',
  },
  'logout of the product alone': { named: ['logout-not-called'], product: 'DPI_DEFECTS=local-logout-only' },
  'empty directory': { named: ['persona-unknown'], product: 'HOSPICERT_PERSONAS_FILE=' },
  'three faults at once: none hides the others': {
    named: ['redirect-uri-scheme', 'client-secret', 'post-logout-uri'],
    product: `HOSPICERT_REDIRECT_URI="http\${HOSPICERT_REDIRECT_URI#https}" HOSPICERT_CLIENT_SECRET=un-autre-secret HOSPICERT_POST_LOGOUT_REDIRECT_URI="$HOSPICERT_BASE_URL/sortie"`,
  },
  // The target file.
  'an address of the sandbox among the settings': {
    named: ['environment-mixed'],
    target: ({ start }) => {
      start.env = { DPI_JOURNAL: 'https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet/protocol/openid-connect/token' }
    },
  },
  'nobody started the product': { named: ['product-not-started'], target: elsewhere('https://127.0.0.1:1') },
  'name of the product unknown': { named: ['product-name'], target: elsewhere('https://dpi.hopital.invalid:8443') },
  'a port of the simulator is taken': { named: ['simulator-port-taken'], occupies: 'wallet' },
  'the port of the product is taken': { named: ['product-port-taken'], occupies: 'product' },
  'a start command that does not exist': {
    named: ['start-command'],
    target: ({ start }) => {
      start.command = ['commande-absente']
    },
  },
  'a product that stops at once': { named: ['product-stopped'], product: 'HOSPICERT_CLIENT_AUTH=inconnue' },
  'a product that listens elsewhere': {
    named: ['product-not-ready'],
    product: 'HOSPICERT_BASE_URL=https://dpi.hopital.test:1',
    target: ({ start }) => {
      start.command = ['node', '-e', 'setInterval(() => {}, 1000)']
      start.readyWithin = 600
    },
  },
  'a start page that does not exist': {
    named: ['page-missing'],
    target: ({ driver }) => {
      driver.start = '/accueil'
    },
  },
  'another name on the sign-in link': {
    named: ['locator-login'],
    target: (target) => {
      login(target).name = 'Entrer'
    },
  },
  'another sign that nobody is there': {
    named: ['locator-signed-out'],
    target: ({ driver }) => {
      driver.signedOut = nowhere
    },
  },
  'a sign of somebody that is always there': {
    named: ['locator-signed-in-always'],
    target: ({ driver }) => {
      driver.signedIn = { css: 'body' }
    },
  },
  'a sign of somebody that is never there': {
    named: ['locator-signed-in'],
    target: ({ driver }) => {
      driver.signedIn = nowhere
    },
  },
  'another needle': {
    named: ['needle'],
    target: ({ personas }) => {
      personas.canari.needle = 'CANARI-FICTIF Piou'
    },
  },
  'another name on the sign-out button': {
    named: ['locator-sign-out'],
    target: ({ driver }) => {
      driver.signOut[0].click.name = 'Quitter'
    },
  },
  'a return that nobody listens to': {
    named: ['callback-unreachable'],
    target: ({ client }) => {
      client.redirectUri = 'https://dpi.hopital.test:1/retour'
    },
  },
}
