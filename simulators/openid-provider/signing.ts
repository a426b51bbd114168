import { constants, createHash, createHmac, sign } from 'node:crypto'
import { HarnessError } from '#core/errors.ts'
import type { Edit, Spelling } from '#core/fault.ts'
import { type KeyRing, publicJwk, publicKeyOf, type SigningKey, type WeakKey } from './keys.ts'

type Replacement = Extract<Edit, { op: 'replace-key' }>

/** Signs as RFC 7518 §3 says for `alg`. */
export function signWith(input: string, { privateKey }: SigningKey, alg: string): string {
  const data = Buffer.from(input)
  const hash = `sha${/\d{3}$/.exec(alg)?.[0] ?? '256'}`
  if (alg === 'EdDSA') return sign(null, data, privateKey).toString('base64url')
  if (alg.startsWith('ES')) return sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  const padding = alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
  return sign(hash, data, { key: privateKey, ...padding }).toString('base64url')
}

/** The honest signature under `alg`: the first published key that makes it. */
export function honestKey(keys: KeyRing, alg: string): SigningKey {
  return keys.keys.find((key) => key.alg === alg) ?? keys.keys.find((key) => fits(key, alg)) ?? keys.keys[0]
}

/** Could this key sign under that algorithm, whatever it was published for? */
function fits(key: SigningKey, alg: string): boolean {
  return alg.startsWith('ES') ? key.alg === 'ES256' && alg === 'ES256' : /^[RP]S/.test(alg) && key.alg === 'RS256'
}

/** The signature that replaces the honest one. */
export function signatureOf(input: string, edit: Replacement, alg: string, keys: KeyRing, secret: string): string {
  const hmac = (key: string | Buffer) =>
    createHmac(`sha${/^HS(\d{3})$/.exec(alg)?.[1] ?? '256'}`, key)
      .update(input)
      .digest('base64url')
  switch (edit.key) {
    case 'none':
      return ''
    case 'foreign':
      return signWith(input, keys.foreign(alg), keys.foreign(alg).alg)
    case 'published':
      return signWith(input, honestKey(keys, alg), alg === 'none' || alg === '' ? keys.keys[0].alg : alg)
    case 'next':
      return signWith(input, keys.next(alg), alg)
    case 'weak-exponent-1':
      return padded(input, keys.weak('exponent-1'))
    case 'weak-1024':
    case 'weak-exponent-3':
      return signWith(input, keys.weak(edit.key.slice('weak-'.length) as WeakKey), 'RS256')
    case 'text':
      return hmac(edit.secret ?? '')
    case 'client-secret':
      if (secret === '') {
        throw new HarnessError('FAULT_UNRESOLVED', "Le client du produit n'a pas de secret : un jeton HS256 ne peut pas être fabriqué.", {
          fix: 'Déclarez ce module sans objet pour cette méthode d’authentification.',
        })
      }
      return hmac(secret)
    case 'public-key-as-secret':
      return hmac(spell(keys.keys[0], edit.spelling ?? 'spki-pem'))
  }
}

/** What the key is called in the journal. */
export function describeKey({ key, spelling, secret }: Replacement, alg: string): string {
  return {
    none: 'aucune',
    foreign: 'une clé que le fournisseur ne publie pas',
    published: `la clé que le fournisseur publie pour ${alg}`,
    next: 'la clé que la rotation apporte',
    'weak-1024': 'une clé RSA de 1024 bits',
    'weak-exponent-1': "une clé RSA d'exposant 1 : la signature n'est que l'empreinte",
    'weak-exponent-3': "une clé RSA d'exposant 3",
    'client-secret': 'le secret du client (HMAC)',
    'public-key-as-secret': `la clé publique du fournisseur, écrite « ${spelling ?? 'spki-pem'} », prise comme secret (HMAC)`,
    text: `le texte « ${secret ?? ''} » pris comme secret (HMAC)`,
  }[key]
}

/** With the exponent 1 the padded digest (RFC 8017 §9.2) is its own signature. */
function padded(input: string, key: SigningKey): string {
  const size = Buffer.from(String(publicJwk(key)['n']), 'base64url').length
  const digest = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), createHash('sha256').update(input).digest()])
  const filling = Buffer.alloc(size - digest.length - 3, 0xff)
  return Buffer.concat([Buffer.from([0, 1]), filling, Buffer.from([0]), digest]).toString('base64url')
}

/** A public RSA key, or a part of it, as the bytes of a secret. */
function spell(key: SigningKey, spelling: Spelling): string | Buffer {
  const open = publicJwk(key)
  // As the engine writes it in the published set.
  if (spelling === 'jwk') return JSON.stringify(Object.fromEntries(['kty', 'use', 'kid', 'alg', 'e', 'n'].map((member) => [member, open[member]])))
  if (spelling === 'n' || spelling === 'e' || spelling === 'kty' || spelling === 'alg') return String(open[spelling])
  const type = spelling.startsWith('spki') ? 'spki' : 'pkcs1'
  const pem = String(publicKeyOf(key).export({ type, format: 'pem' }))
  const lines = pem.trim().split('\n')
  const body = lines.slice(1, -1)
  switch (spelling.slice(type.length + 1)) {
    case 'pem-crlf':
      return pem.replaceAll('\n', '\r\n')
    case 'pem-without-last-line-feed':
      return pem.trim()
    case 'pem-on-one-line':
      return [lines[0], ...body, lines.at(-1)].join('')
    case 'base64-lines':
      return body.join('\n')
    case 'base64':
      return body.join('')
    case 'der':
      return publicKeyOf(key).export({ type, format: 'der' })
    default:
      return pem
  }
}
