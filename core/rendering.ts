import type { Fact, When } from './module.ts'

/**
 * What only a real browser can play or see, and why (French, it is shown). Everything else must give the same verdict over plain HTTP.
 * A module may say so for itself (`rendering`).
 */
export const RENDERED_VERBS: Readonly<Partial<Record<When['do'], string>>> = {}
export const RENDERED_FACTS: Readonly<Partial<Record<Fact, string>>> = {}
