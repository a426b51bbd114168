import type { Defects } from './defects.ts'

/** A person as the harness hands them over: `known` people have an account in the DPI, the others do not. */
export interface Person {
  readonly id: string
  readonly idNat: string
  readonly givenName: string
  readonly familyName: string
  readonly known: boolean
  /** Subject at Pro Santé Connect, and at the other provider when the account is linked to it. */
  readonly sub?: string
  readonly secondSubject?: string
  readonly email?: string
  /** False for an account that was deactivated. */
  readonly active?: boolean
}

/** An account of the local directory. */
export interface Account {
  readonly idNat: string
  readonly givenName: string
  readonly familyName: string
  readonly active?: boolean
}

/** Who the other identity provider says that somebody is. */
export interface ForeignIdentity {
  /** Does the identity stand under Pro Santé Connect's name? Accounts are keyed on issuer and subject together. */
  readonly fromFirst: boolean
  readonly subject: string
  readonly idNat: string
  readonly familyName: string
  readonly email: string
}

export interface Directory {
  /** The account of a national identifier (RIE v1 EXI 27: the local directory decides who may enter). */
  find(who: Account & { readonly email?: string; readonly otherIds?: readonly string[] }, defects: Defects): Account | undefined
  /** The account linked to a subject of the other provider; nothing else that it says identifies anybody. */
  findLinked(who: ForeignIdentity, defects: Defects): Account | undefined
}

/**
 * Fills the local directory. Beside every unknown professional stands a homonym with another identifier, as large hospitals have:
 * whoever matches by name lets the wrong person in.
 */
export function createDirectory(people: readonly Person[]): Directory {
  const accounts = people.map((person) => (person.known ? person : { ...person, idNat: `homonyme-de-${person.id}` }))
  const byEmail = (email: string | undefined) => (email ? accounts.find((account) => account.email === email) : undefined)
  return {
    find(who, defects) {
      if (defects.has('identifies-by-email')) return byEmail(who.email)
      if (defects.has('matches-by-other-ids')) {
        const other = accounts.find((account) => who.otherIds?.includes(account.idNat))
        if (other) return other
      }
      const found = accounts.find((account) => (defects.has('matches-by-name') ? account.familyName === who.familyName : account.idNat === who.idNat))
      if (found === undefined && defects.has('auto-creates-unknown-user')) return { ...who }
      return found
    },
    findLinked({ fromFirst, subject, idNat, familyName, email }, defects) {
      const bySubject = fromFirst || defects.has('identifies-by-sub-alone')
      const careless =
        (bySubject ? accounts.find((account) => account.sub === subject) : undefined) ??
        (defects.has('identifies-by-email') ? byEmail(email) : undefined) ??
        (defects.has('matches-by-name') ? accounts.find((account) => account.familyName === familyName) : undefined) ??
        (defects.has('trusts-any-national-id') ? accounts.find((account) => account.idNat === idNat) : undefined)
      const found = careless ?? accounts.find((account) => account.secondSubject === subject)
      if (found === undefined && defects.has('auto-creates-unknown-user')) return { idNat, givenName: '', familyName }
      return found
    },
  }
}
