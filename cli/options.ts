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
    const wrong = /'-*([\w-]+)/.exec((cause as Error).message)?.[1] ?? ''
    const near = nearest(wrong, Object.keys(options))
    const known = Object.keys(options).map((name) => `--${name}`)
    throw new HarnessError('UNKNOWN_OPTION', `Option incomprise : « ${wrong || args.join(' ')} ».`, {
      fix: near.length > 0 ? `Vouliez-vous dire ${near.map((name) => `--${name}`).join(', ')} ?` : `Options : ${known.join(', ')}.`,
      cause,
    })
  }
}

/** A whole number of at least one. */
export function count(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new HarnessError('UNKNOWN_OPTION', `--${name} attend un nombre entier d'au moins 1, et non « ${text} ».`, { fix: `Par exemple --${name} 2.` })
}
