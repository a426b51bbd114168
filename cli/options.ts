import { type ParseArgsConfig, parseArgs } from 'node:util'
import { HarnessError, nearest } from '#core/errors.ts'

/**
 * Parses a command's options; an unknown one is told with the nearest known.
 * @throws HarnessError `UNKNOWN_OPTION`
 */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true })
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    const wrong = /'-*([\w-]+)/.exec(message)?.[1] ?? ''
    const known = `Options : ${Object.keys(options)
      .map((name) => `--${name}`)
      .join(', ')}.`
    const refuse = (sentence: string, fix: string) => new HarnessError('UNKNOWN_OPTION', sentence, { fix, place: { path: `--${wrong}` }, cause })
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      throw new HarnessError('UNKNOWN_OPTION', `« ${/'([^']*)'/.exec(message)?.[1] ?? args.join(' ')} » n'est pas une option.`, { fix: known, cause })
    }
    if (wrong in options) {
      throw options[wrong]?.type === 'string'
        ? refuse(`L'option --${wrong} attend une valeur.`, `Écrivez --${wrong} <valeur>.`)
        : refuse(`L'option --${wrong} ne prend pas de valeur.`, `Écrivez --${wrong} seulement.`)
    }
    const near = nearest(wrong, Object.keys(options))
    throw refuse(`L'option --${wrong} n'existe pas.`, near.length > 0 ? `Vouliez-vous dire ${near.map((name) => `--${name}`).join(', ')} ?` : known)
  }
}

/** A whole number of at least one. */
export function count(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new HarnessError('UNKNOWN_OPTION', `--${name} attend un nombre entier d'au moins 1, et non « ${text} ».`, {
    fix: `Par exemple --${name} 2.`,
    place: { path: `--${name}` },
  })
}

/** Which Allure makes the page; 3 unless told. */
export function allureOf(text: string | undefined): 2 | 3 {
  if (text === undefined || text === '3') return 3
  if (text === '2') return 2
  throw new HarnessError('UNKNOWN_OPTION', `--allure attend 2 ou 3, et non « ${text} ».`, {
    fix: 'Sans cette option, Allure 3.',
    place: { path: '--allure' },
  })
}
