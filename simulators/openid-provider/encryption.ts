import { constants, createCipheriv, createHmac, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'

/**
 * A compact JWE of the old kind that the recorded discovery document still offers: RSA1_5 (RFC 7518 §4.2) with A128CBC-HS256 (§5.2).
 * No client asked for it.
 */
export function encryptFor(key: KeyObject, token: string, kid: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'RSA1_5', enc: 'A128CBC-HS256', cty: 'JWT', kid })).toString('base64url')
  const content = randomBytes(32)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', content.subarray(16), iv)
  const text = Buffer.concat([cipher.update(token), cipher.final()])
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(header.length * 8))
  const tag = createHmac('sha256', content.subarray(0, 16)).update(header).update(iv).update(text).update(length).digest().subarray(0, 16)
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, content)
  return [header, ...[wrapped, iv, text, tag].map((part) => part.toString('base64url'))].join('.')
}
