/** Upper-case hexadecimal without blanks. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase()
}

/** One byte, or one word, in upper-case hexadecimal of a given number of digits. */
export function digits(value: number, length = 2): string {
  return value.toString(16).toUpperCase().padStart(length, '0')
}
