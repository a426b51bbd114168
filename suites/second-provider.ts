import { randomBytes } from 'node:crypto'
import { HarnessError } from '#core/errors.ts'
import type { Target } from '#core/target.ts'
import { persona } from '#fixtures/load.ts'
import { type Account, type OpenIdProvider, type OpProfile, startOpenIdProvider } from '#simulators/openid-provider/index.ts'
import type { LocalCa } from '#simulators/wire/local-ca.ts'
import type { RunFacts } from './cast.ts'
import type { Instance } from './instance.ts'
import type { Stage } from './local-cast.ts'

/** The second provider of a run, and what the product is told of it. */
export interface SecondProvider {
  readonly provider: OpenIdProvider
  readonly facts: NonNullable<RunFacts['second']>
  readonly env: Readonly<Record<string, string>>
}

/**
 * Who has an account at the second provider, under which subject. The product's directory links the first two; the subject of the
 * second is that of another professional at the first provider, whom nobody may be taken for. The canary has an account that nobody linked.
 */
const LINKED = { 'medecin-nominal': 'autre:medecin-nominal', 'nom-compose': 'medecin-nominal' } as const

/** The subject of a professional whom the product's directory links to the second provider. */
export function linkedSubject(id: string): string | undefined {
  if (id === 'nom-compose') return persona(LINKED[id]).account.sub
  return id === 'medecin-nominal' ? LINKED[id] : undefined
}

/** The names of its hosts, under the domain of the first provider so that the flow's cookie reaches them. */
export function secondHosts({ hosts }: OpProfile): OpProfile['hosts'] {
  const beside = (name: string) => name.replace('.', '-autre.')
  return { wallet: beside(hosts.wallet), auth: beside(hosts.auth), probe: beside(hosts.probe) }
}

/**
 * Starts a second provider: same code, other hosts, keys, accounts and secret. The same client id unless the target says otherwise,
 * as a hostile provider would choose it.
 * @throws HarnessError `PORT_TAKEN`, `SECRET_MISSING`
 */
export async function startSecondProvider(
  target: Target,
  targetFile: string,
  parts: {
    readonly first: OpenIdProvider
    readonly profile: OpProfile
    readonly plain: Instance
    readonly ca: LocalCa
    readonly stage: Stage
  },
): Promise<SecondProvider | undefined> {
  if (!target.capabilities.includes('two-providers')) return undefined
  const place = { file: targetFile, path: 'secondProvider' }
  if (!target.secondProvider) {
    throw new HarnessError('TARGET_FILE_INVALID', 'La capacité « two-providers » est déclarée, mais « secondProvider » manque.', {
      fix: 'Ajoutez secondProvider.redirectUri et driver.loginSecond, ou retirez cette capacité.',
      place,
    })
  }
  const { first, profile, plain, ca, stage } = parts
  const { clientId = target.client.id, secretEnv } = target.secondProvider
  const redirectUri = new URL(target.secondProvider.redirectUri, plain.baseUrl).href
  const secret = secretEnv ? process.env[secretEnv] : randomBytes(32).toString('base64url')
  if (!secret) {
    throw new HarnessError('SECRET_MISSING', `La variable d'environnement ${secretEnv}, qui doit porter le secret du second fournisseur, est vide.`, {
      fix: `Exportez ${secretEnv}, ou retirez secondProvider.secretEnv si le produit est démarré par HospiCert.`,
      place,
    })
  }
  const provider = await startOpenIdProvider({
    profile: { ...profile, title: 'Second fournisseur (simulateur)', hosts: secondHosts(profile), sessionCookie: 'KEYCLOAK_SESSION_AUTRE' },
    accounts: accounts(),
    client: {
      id: clientId,
      auth: 'client_secret_basic',
      secret,
      // A hostile provider accepts the product's other address too.
      redirectUris: [...new Set([redirectUri, plain.redirectUri])],
      postLogoutRedirectUris: [],
    },
    ports: { wallet: 0, auth: 0 },
    ca,
    book: stage.book,
    mask: stage.mask,
    actor: 'hostile',
  })
  provider.meet(first.asPeer())
  first.meet(provider.asPeer())
  const { issuer, walletOrigin, authOrigin, discoveryUrl, standardDiscoveryUrl } = provider
  return {
    provider,
    facts: { issuer, walletOrigin, authOrigin, redirectUri },
    env: {
      HOSPICERT_SECOND_ISSUER: issuer,
      HOSPICERT_SECOND_DISCOVERY_URL: target.simulator?.discovery === 'standard' ? standardDiscoveryUrl : discoveryUrl,
      HOSPICERT_SECOND_CLIENT_ID: clientId,
      HOSPICERT_SECOND_CLIENT_SECRET: secret,
      HOSPICERT_SECOND_REDIRECT_URI: redirectUri,
    },
  }
}

/** The linked professionals under their names; the canary's account says nothing of the canary, until a fault makes it. */
function accounts(): Account[] {
  const linked = Object.keys(LINKED).map((id): Account => {
    const { title, idNat, claims } = persona(id)
    const { sub: _, ...identity } = claims
    return { id, title, nationalId: idNat, subject: linkedSubject(id) ?? '', claims: identity }
  })
  const quidam = {
    preferred_username: 'autre-0001',
    given_name: 'Quidam',
    family_name: 'DAILLEURS-FICTIF',
    email: 'quidam.dailleursfictif@exemple.invalid',
    email_verified: true,
  }
  return [
    ...linked,
    { id: 'canari', title: 'Compte que le produit ne connaît pas', nationalId: 'autre-0001', subject: 'autre:quidam', claims: quidam },
  ]
}
