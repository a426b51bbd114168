import type { Defects } from './defects.ts'

/** A person as the harness hands them over: `known` people have an account in the DPI, the others do not. */
export interface Person {
  readonly id: string
  readonly idNat: string
  readonly givenName: string
  readonly familyName: string
  readonly known: boolean
}

/** An account of the local directory. */
export interface Account {
  readonly idNat: string
  readonly givenName: string
  readonly familyName: string
}

export interface Directory {
  /** The account of a national identifier (RIE v1 EXI 27: the local directory decides who may enter). */
  find(who: Account, defects: Defects): Account | undefined
}

/**
 * Fills the local directory. Beside every unknown professional stands a homonym with another identifier, as large hospitals have:
 * whoever matches by name lets the wrong person in.
 */
export function createDirectory(people: readonly Person[]): Directory {
  const accounts: Account[] = people.map((person) => (person.known ? person : { ...person, idNat: `homonyme-de-${person.id}` }))
  return {
    find(who, defects) {
      const found = accounts.find((account) => (defects.has('matches-by-name') ? account.familyName === who.familyName : account.idNat === who.idNat))
      if (found === undefined && defects.has('auto-creates-unknown-user')) return { ...who }
      return found
    },
  }
}
