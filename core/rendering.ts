import type { Fact, When } from './module.ts'

/**
 * What only a real browser can play or see, and why (French, it is shown). Everything else must give the same verdict over plain HTTP.
 * A module may say so for itself (`rendering`).
 */
export const RENDERED_VERBS: Readonly<Partial<Record<When['do'], string>>> = {}
export const RENDERED_FACTS: Readonly<Partial<Record<Fact, string>>> = {}
/** Gestures of a scenario. */
export const RENDERED_STEPS: Readonly<Record<string, string>> = {
  back: 'le bouton « page précédente » montre la mémoire du navigateur',
  scan: 'le stockage du navigateur est lu',
}
