import type { Clock } from '#core/clock.ts'
import { diversify } from './an10922.ts'
import { type BlockCipher, blockCipher, keyLength } from './cipher.ts'
import { createCallLog, type KmsCall, type Operation } from './log.ts'
import { type AuthenticationMode, answerChallenge, type Challenged, randomLength } from './three-pass.ts'

export type { KmsCall } from './log.ts'

/**
 * What an establishment may do wrong with the keys of its badges, each time for all badges: one key for all (`common-key`), sixteen
 * zeros (`zero-key`), the key that the examples of AN10922 print and that is copied from there (`default-key`), the key of the badge
 * with the next number (`neighbour-key`), the master itself (`master-in-badge`).
 */
export type Misconfiguration = 'common-key' | 'zero-key' | 'default-key' | 'neighbour-key' | 'master-in-badge'

/** Master keys that the KMS can hold: AES as long as a DESFire key, and the TDEA ones of older badges. */
export type MasterType = 'aes' | '2tdea' | '3tdea'

/** Whose key, and which. */
export interface KeyName {
  /** UID of the badge, as its holder reads it: 7 bytes, or 4. */
  readonly badge: Uint8Array
  /** Application identifier, three bytes in the order in which they are diversified (AN10922 takes 3042F5 for that application). */
  readonly application: Uint8Array
  /** Generation of the master; the current one unless told. */
  readonly version?: number
}

/** Why the KMS did not do as it was told. */
export type KmsRefusal = 'version-unknown' | 'version-retired' | 'input-malformed'
export type KmsAnswer<T> = { readonly ok: true; readonly version: number; readonly value: T } | { readonly ok: false; readonly refused: KmsRefusal }

/** The keys of an establishment's badges, seen from outside: nothing here gives a master key away. */
export interface Kms {
  readonly type: MasterType
  /** Generation of the master that is used when none is named. */
  readonly version: number
  /**
   * Answers a card's challenge in place of the terminal (the second pass of a mutual authentication). `conclude` judges the card's last
   * answer and hands over the keys of that session only.
   */
  authenticate(name: KeyName, mode: AuthenticationMode, challenge: Uint8Array): KmsAnswer<Challenged>
  /**
   * Lets `seal` protect a badge's key for the badge it goes to, as the session's enciphering does; what comes out is what `seal` made of
   * it. Here `seal` is the caller's own code and sees the key of that one badge while it runs (never a master): the log names each call.
   */
  wrapForPersonalisation<T>(name: KeyName, seal: (key: Uint8Array, version: number) => T): KmsAnswer<T>
  /** A new master, of the next version; the old ones still serve until they are retired. Returns the new version. */
  rotate(): number
  /** From now on this version is refused. */
  retire(version: number): void
  /** Every call since the start, oldest first. No key material. */
  log(): readonly KmsCall[]
}

export interface KmsOptions {
  readonly clock: Clock
  /** Random bytes; for masters and for RndA. */
  readonly random: (length: number) => Uint8Array
  readonly type?: MasterType
  /** Master of the first version, for known vectors; random unless told. */
  readonly master?: Uint8Array
  /** Version of the first master, 1 unless told; 0 to 255. */
  readonly firstVersion?: number
  /** The last part of the diversification input, which sets this system apart from others (AN10922 §2.1). */
  readonly system?: Uint8Array
  readonly misconfigured?: Misconfiguration
}

/** The key of the AN10922 examples, found in many a badge. */
const PRINTED_KEY = Buffer.from('00112233445566778899aabbccddeeff0102030405060708', 'hex')

/**
 * A KMS as an establishment would hold it. Masters live in this closure and never leave it; badge keys are derived at each call.
 * @example
 * const kms = createKms({ clock, random: randomBytes })
 * const answer = kms.authenticate({ badge: uid, application }, 'ev2-first', challenge)
 */
export function createKms(options: KmsOptions): Kms {
  const { clock, random, type = 'aes', system = Buffer.from('hospi'), misconfigured } = options
  const length = keyLength(type)
  const masters = new Map<number, { readonly master: Uint8Array; readonly cipher: BlockCipher }>()
  const retired = new Set<number>()
  const log = createCallLog(clock)
  let current = options.firstVersion ?? 1
  const install = (master: Uint8Array) => masters.set(current, { master: Buffer.from(master), cipher: blockCipher(type, master) })
  install(options.master ?? random(length))

  function keyOf({ badge, application }: KeyName, held: { readonly master: Uint8Array; readonly cipher: BlockCipher }): Uint8Array {
    const input = (uid: Uint8Array) => Buffer.concat([uid, application, system])
    switch (misconfigured) {
      case 'common-key':
        return diversify(held.cipher, input(Buffer.alloc(badge.length)))
      case 'zero-key':
        return Buffer.alloc(length)
      case 'default-key':
        return PRINTED_KEY.subarray(0, length)
      case 'neighbour-key':
        return diversify(held.cipher, input(neighbour(badge)))
      case 'master-in-badge':
        return held.master
      default:
        return diversify(held.cipher, input(badge))
    }
  }

  /** Finds the key, does `use` with it, and writes the call down whatever came of it. */
  function call<T>(operation: Operation, name: KeyName, use: (key: Uint8Array) => T | null): KmsAnswer<T> {
    const version = name.version ?? current
    const held = masters.get(version)
    const fits = name.badge.length >= 4 && name.badge.length <= 10 && name.application.length === 3 && inputLength(name, system) <= mostInput(type)
    const refused = !held ? 'version-unknown' : retired.has(version) ? 'version-retired' : !fits ? 'input-malformed' : null
    const value = held && refused === null ? use(keyOf(name, held)) : null
    const outcome = refused ?? (value === null ? 'input-malformed' : 'done')
    log.append({ operation, badge: name.badge, application: name.application, version, outcome })
    return value === null || outcome !== 'done'
      ? { ok: false, refused: outcome === 'done' ? 'input-malformed' : outcome }
      : { ok: true, version, value }
  }

  return {
    type,
    get version() {
      return current
    },
    authenticate: (name, mode, challenge) =>
      call('authenticate', name, (key) => answerChallenge(blockCipher(type, key), mode, challenge, random(randomLength(type)))),
    wrapForPersonalisation: (name, seal) => call('wrap-for-personalisation', name, (key) => seal(key, name.version ?? current)),
    rotate() {
      current = (current + 1) % 256
      install(random(length))
      log.append({ operation: 'rotate', version: current, outcome: 'done' })
      return current
    },
    retire(version) {
      retired.add(version)
      log.append({ operation: 'retire', version, outcome: masters.has(version) ? 'done' : 'version-unknown' })
    },
    log: log.read,
  }
}

/** The badge with the next number. */
function neighbour(badge: Uint8Array): Buffer {
  const next = Buffer.from(badge)
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = ((next[i] ?? 0) + 1) & 0xff
    if (next[i] !== 0) break
  }
  return next
}

function inputLength({ badge, application }: KeyName, system: Uint8Array): number {
  return badge.length + application.length + system.length
}

/** AN10922: one byte of the two blocks is the constant. */
function mostInput(type: MasterType): number {
  return type === 'aes' ? 31 : 15
}
