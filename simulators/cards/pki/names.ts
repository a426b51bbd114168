import type { JsonName } from '@peculiar/x509'

/** Who a card certificate is about. */
export interface Holder {
  readonly familyName: string
  readonly givenName: string
  /** National identifier with its type in front: `899700218896` is a RPPS number (type 8). */
  readonly nationalId: string
  /** `Médecin` */
  readonly profession: string
}

/**
 * Subject of the certificates of a health professional's card, in the form of real ones:
 * `C=FR, title=Médecin, CN=…+SN=…+GN=…`, name and identifier in one multi-valued element. DER sorts a set by its bytes, that is
 * the shorter value first (X.690 §11.6), then by attribute.
 */
export function subjectOf({ familyName, givenName, nationalId, profession }: Holder): JsonName {
  const parts: readonly (readonly [string, string])[] = [
    ['CN', nationalId],
    ['SN', familyName],
    ['G', givenName],
  ]
  const size = (text: string) => Buffer.byteLength(text)
  return [
    { C: ['FR'] },
    { T: [profession] },
    Object.fromEntries([...parts].sort((a, b) => size(a[1]) - size(b[1])).map(([name, value]) => [name, [value]])),
  ]
}

/**
 * The principal name of the authentication certificate: type and number of the identifier, at the cards' realm.
 * @example principalName('899700218896') // 8.99700218896@carte-cps.fr
 */
export function principalName(nationalId: string): string {
  return `${nationalId.slice(0, 1)}.${nationalId.slice(1)}@carte-cps.fr`
}
