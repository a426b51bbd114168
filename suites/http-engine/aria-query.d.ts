/** The part of aria-query that is used; the package has no types of its own. */
declare module 'aria-query' {
  export interface Concept {
    readonly name: string
    readonly attributes?: readonly { readonly name: string; readonly value?: string | number; readonly constraints?: readonly string[] }[]
  }
  export const elementRoles: { entries(): Iterable<[Concept, Iterable<string>]> }
  export const roleElements: { keys(): Iterable<string> }
}
