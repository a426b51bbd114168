import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { Target } from '#core/target.ts'
import { persona } from '#fixtures/load.ts'
import type { OpenIdProvider } from '#simulators/openid-provider/index.ts'
import type { LocalCa } from '#simulators/wire/local-ca.ts'
import type { Instance } from './instance.ts'
import { productClock, type Stage } from './local-cast.ts'
import { probe, type RunningProduct, resolvingNames, startProduct } from './product.ts'
import { linkedSubject } from './second-provider.ts'

/** What every instance of a run is started with. */
export interface StartParts {
  readonly provider: OpenIdProvider
  readonly ca: LocalCa
  readonly pki: string
  readonly folder: string
  readonly targetFile: string
  readonly hosts: Readonly<Record<string, string>>
  readonly stage: Stage
  /** More environment for the product (our reference reads its defects there). */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts the product in one configuration, or checks that it answers when the harness does not start it.
 * @returns what stops it; undefined when it is not ours to stop
 * @throws HarnessError `PRODUCT_STOPPED`, `PRODUCT_NOT_READY`, `PRODUCT_UNREACHABLE`, `TOOL_MISSING`
 */
export async function startInstance(instance: Instance, parts: StartParts): Promise<RunningProduct | undefined> {
  const { target, baseUrl, variant } = instance
  const { hosts, folder, targetFile, stage } = parts
  const origin = new URL(baseUrl)
  if (target.start)
    return startProduct({
      target,
      targetFile,
      folder,
      baseUrl,
      hosts,
      mask: stage.mask,
      env: await environment(instance, parts),
      ...(variant ? { name: variant } : {}),
    })
  // A client of the workstation is started by its driver.
  if (isClient(target)) return undefined
  if ((await probe(origin, hosts, 5000)) !== undefined) return undefined
  throw new HarnessError('PRODUCT_UNREACHABLE', `Le produit ne répond pas à ${baseUrl}.`, {
    fix: 'Démarrez-le (ou donnez une section start), et vérifiez baseUrl ; un nom inconnu de la machine se déclare dans hosts.',
    place: { file: targetFile, path: variant ? `variants.${variant}.baseUrl` : 'baseUrl' },
  })
}

function isClient({ driver }: Target): boolean {
  return typeof driver !== 'string' && 'client' in driver
}

/** What the driver of a client of the workstation starts it with; undefined for any other product. */
export async function clientEnvironment(instance: Instance, parts: StartParts): Promise<Readonly<Record<string, string>> | undefined> {
  if (!isClient(instance.target)) return undefined
  return { ...(await environment(instance, parts)), ...resolvingNames(parts.hosts) }
}

/** Everything that the product is told (README, « Certify your product »). */
async function environment(
  { target, client, baseUrl, redirectUri, postLogoutRedirectUri, privateKey, env: own }: Instance,
  parts: StartParts,
): Promise<Record<string, string>> {
  const { provider, ca, pki, folder, env } = parts
  const { protocol, hostname } = new URL(baseUrl)
  const tls = protocol === 'https:' ? await ca.issueServer([hostname]) : undefined
  const mutual = client.certificateSubject ? await ca.issueClient(client.certificateSubject) : undefined
  const write = (name: string, text: string) => writeText(pki, `${client.id}${name}`, text)
  return {
    HOSPICERT_ISSUER: provider.issuer,
    HOSPICERT_DISCOVERY_URL: target.simulator?.discovery === 'standard' ? provider.standardDiscoveryUrl : provider.discoveryUrl,
    HOSPICERT_CLIENT_ID: client.id,
    HOSPICERT_CLIENT_AUTH: client.auth,
    HOSPICERT_REDIRECT_URI: redirectUri,
    HOSPICERT_SCOPE: target.client.scope ?? DEFAULT_SCOPE,
    HOSPICERT_ACR_VALUES: target.client.acrValues ?? DEFAULT_ACR,
    HOSPICERT_RESPONSE_MODE: target.client.responseMode ?? 'query',
    HOSPICERT_ID_TOKEN_ALG: target.client.idTokenAlg ?? 'RS256',
    HOSPICERT_CA_FILE: ca.file,
    HOSPICERT_CLOCK_FILE: productClock(folder),
    HOSPICERT_BASE_URL: baseUrl,
    HOSPICERT_PERSONAS_FILE: writeText(folder, 'professionnels.json', `${JSON.stringify(directory(target), null, 2)}\n`),
    ...(client.ciba ? { HOSPICERT_CIBA: '1' } : {}),
    NODE_EXTRA_CA_CERTS: ca.file,
    SSL_CERT_FILE: ca.file,
    ...(client.secret ? { HOSPICERT_CLIENT_SECRET: client.secret } : {}),
    ...(postLogoutRedirectUri ? { HOSPICERT_POST_LOGOUT_REDIRECT_URI: postLogoutRedirectUri } : {}),
    ...(client.backchannelLogoutUri ? { HOSPICERT_BACKCHANNEL_LOGOUT_URI: client.backchannelLogoutUri } : {}),
    ...(client.frontchannelLogoutUri ? { HOSPICERT_FRONTCHANNEL_LOGOUT_URI: client.frontchannelLogoutUri } : {}),
    ...(tls ? { HOSPICERT_TLS_CERT_FILE: write('.pem', tls.certificate), HOSPICERT_TLS_KEY_FILE: write('.key', tls.privateKey) } : {}),
    ...(privateKey ? { HOSPICERT_CLIENT_KEY_FILE: write('-client.key', JSON.stringify(privateKey)) } : {}),
    ...(mutual
      ? { HOSPICERT_CLIENT_CERT_FILE: write('-client.pem', mutual.certificate), HOSPICERT_CLIENT_KEY_FILE: write('-client.key', mutual.privateKey) }
      : {}),
    ...own,
    ...env,
  }
}

export const DEFAULT_SCOPE = 'openid scope_all'
export const DEFAULT_ACR = 'eidas1'

/** What a product needs to provision its directory. */
function directory(target: Target) {
  return Object.entries(target.personas).map(([id, settings]) => {
    const { idNat, account, claims } = persona(id)
    const second = linkedSubject(id)
    const { given_name: givenName, family_name: familyName, email } = claims
    return {
      id,
      idNat,
      sub: account.sub,
      givenName,
      familyName,
      email,
      known: !settings?.unknown,
      active: !settings?.deactivated,
      ...(second ? { secondSubject: second } : {}),
    }
  })
}

/** Keys are for their owner only. */
function writeText(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: name.endsWith('.key') ? 0o600 : 0o644 })
  return path
}
