import { registerHooks } from 'node:module'

/** npm package → the module that plays it. The first two are the fronts; the compiled part of `smartcard` lets the package's own code run. */
const ALIASES: readonly (readonly [wanted: RegExp, module: string])[] = [
  [/^smartcard$/, './smartcard/index.ts'],
  [/^(@pokusew\/)?pcsclite$/, './pcsclite/index.ts'],
]
const NATIVE: readonly (readonly [wanted: RegExp, module: string])[] = [
  [/smartcard_napi\.node$/, './smartcard/index.ts'],
  [/^(@pokusew\/)?pcsclite$/, './pcsclite/index.ts'],
]

/**
 * From now on every `import` or `require` of `smartcard`, `@pokusew/pcsclite` or `pcsclite` in this process gets the front of this package.
 * With `keepSmartcard` the JavaScript of the real `smartcard` is loaded, and only its compiled part is ours. Call it before the program
 * under test is loaded; the returned function undoes it for what is not loaded yet. Node ≥ 22.15.
 *
 * @example
 * // setup.ts, for `node --import ./setup.ts program.js`
 * aliasPcsc()
 * const reader = createReader({ name: 'Desk 00 00' })
 * system.attach(reader)
 */
export function aliasPcsc({ keepSmartcard = false }: { readonly keepSmartcard?: boolean } = {}): () => void {
  const aliases = keepSmartcard ? NATIVE : ALIASES
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = aliases.find(([wanted]) => wanted.test(specifier))
      return found ? { url: new URL(found[1], import.meta.url).href, shortCircuit: true } : next(specifier, context)
    },
  })
  return () => hooks.deregister()
}
