import { mkdirSync } from 'node:fs'
import type { Json } from '#core/fault.ts'
import type { Target } from '#core/target.ts'
import type { VariantId } from '#core/variant.ts'
import { personas, read } from '#fixtures/load.ts'
import { type Account, type ClientRegistration, type Leniency, type OpProfile, startOpenIdProvider } from '#simulators/openid-provider/index.ts'
import { openLocalCa } from '#simulators/wire/local-ca.ts'
import type { FoundBrowser } from './browser.ts'
import type { Cast, RunFacts } from './cast.ts'
import type { EngineName } from './engine.ts'
import { type Instance, planInstances } from './instance.ts'
import { createLocalCast, createStage, type Stage } from './local-cast.ts'
import { secondHosts, startSecondProvider } from './second-provider.ts'
import { clientEnvironment, DEFAULT_ACR, DEFAULT_SCOPE, startInstance } from './start-instance.ts'

/** A run whose actors are on stage: simulators listening, product answering. */
export interface OpenRun {
  readonly cast: Cast
  readonly facts: RunFacts
  readonly stage: Stage
  /** The product as the simulator knows it. */
  readonly registration: ClientRegistration
  /** For the doctor: what it has noted no longer stops the login. */
  beLenient(leniency: Leniency): void
  close(): Promise<void>
}

export interface OpenRunOptions {
  readonly target: Target
  readonly targetFile: string
  /** Folder of this run; made if missing. */
  readonly folder: string
  /** Folder of the local certificate authority, kept between runs. */
  readonly pki: string
  readonly engine: EngineName
  /** With the browser engine. */
  readonly browser?: FoundBrowser | undefined
  /** More environment for the product (our reference reads its defects there). */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts the simulated provider, then the product if its file says how, and checks that it answers.
 * @throws HarnessError for a port, a product or a secret that is not there.
 */
export async function openRun({ target, targetFile, folder, pki, engine, browser, env = {} }: OpenRunOptions): Promise<OpenRun> {
  mkdirSync(folder, { recursive: true })
  const stage = createStage(folder)
  const ca = await openLocalCa(pki, Date.now())
  const profile = read<OpProfile>('federations/psc/profile.json')
  const instances = await planInstances(target, targetFile)
  const [plain, ...variants] = instances
  const names = target.start ? instances.map(({ baseUrl }) => new URL(baseUrl).hostname).filter((name) => !/^(localhost|[\d.]+)$/.test(name)) : []
  const local = Object.fromEntries(names.map((name) => [name, '127.0.0.1']))
  const beside = secondHosts(profile)
  const providers = [profile.hosts, ...(target.capabilities.includes('two-providers') ? [beside] : [])].flatMap(({ wallet, auth, probe }) => [
    wallet,
    auth,
    probe,
  ])
  const hosts = { ...Object.fromEntries(providers.map((name) => [name, '127.0.0.1'])), ...local, ...target.hosts }
  const provider = await startOpenIdProvider({
    profile,
    accounts: accounts(),
    client: plain.client,
    variants: variants.map(({ client }) => client),
    ports: target.simulator?.ports ?? { wallet: 19443, auth: 19444 },
    ca,
    book: stage.book,
    mask: stage.mask,
    clock: stage.clock,
    hosts,
  })
  const second = await startSecondProvider(target, targetFile, { first: provider, profile, plain, ca, stage }).catch(async (error) => {
    await provider.close()
    throw error
  })
  const closing: (() => Promise<void>)[] = [() => provider.close(), async () => second?.provider.close()]
  const close = async () => {
    for (const end of closing.toReversed()) await end()
    stage.files.flush()
  }
  const parts = { provider, ca, pki, folder, targetFile, hosts, stage, env }
  const start = async (instance: Instance) => {
    const product = await startInstance(instance, parts)
    if (product) closing.push(() => product.stop())
  }
  try {
    await start({ ...plain, env: { ...plain.env, ...second?.env } })
  } catch (error) {
    await close()
    throw error
  }
  const factsOf = ({ target, baseUrl, redirectUri, postLogoutRedirectUri, client }: Instance): RunFacts => ({
    folder,
    target,
    targetFile,
    baseUrl,
    redirectUri,
    ...(postLogoutRedirectUri ? { postLogoutRedirectUri } : {}),
    ...(client.frontchannelLogoutUri ? { frontchannelLogoutUri: client.frontchannelLogoutUri } : {}),
    issuer: provider.issuer,
    walletOrigin: provider.walletOrigin,
    authOrigin: provider.authOrigin,
    cookieDomain: profile.hosts.wallet.split('.').slice(1).join('.'),
    clientId: client.id,
    scope: target.client.scope ?? DEFAULT_SCOPE,
    acrValues: target.client.acrValues ?? DEFAULT_ACR,
    hosts,
    engine,
    ...(browser ? { browser } : {}),
    means: { card: profile.means.card.label, 'e-cps': profile.means['e-cps'].label },
    timeout: target.timing?.page ?? 10_000,
  })
  const told = await clientEnvironment(plain, parts)
  const facts = {
    ...factsOf(plain),
    ...(second ? { second: second.facts } : {}),
    ...(told ? { clientEnvironment: told } : {}),
    variants: Object.fromEntries(variants.map((instance) => [instance.variant, factsOf(instance)])),
  }
  // The product is started again for a variant when its first unit is played.
  const started = new Map<string, Promise<void>>()
  const ready = async (variant: VariantId) => {
    const instance = variants.find((one) => one.variant === variant)
    if (!instance) return
    const known = started.get(variant) ?? start(instance)
    started.set(variant, known)
    await known
  }
  return {
    cast: createLocalCast(facts, provider, stage, ready, second?.provider),
    facts,
    stage,
    registration: plain.client,
    beLenient: provider.beLenient,
    close,
  }
}

function accounts(): Account[] {
  return [...personas().values()].map(({ id, title, idNat, account, claims }) => {
    const { sub: _, ...identity } = claims
    return { id, title, nationalId: idNat, subject: account.sub, claims: identity as { [claim: string]: Json } }
  })
}
