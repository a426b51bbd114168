import type { Change } from '#core/fault.ts'
import { cut, oneLine, showValue } from './text.ts'

/**
 * What the simulator would have said and what it said instead: path, honest value, faulty value.
 * @example ['  aud', '- honnête : "dpi"', '+ fautif  : "un-autre"']
 */
export function diffLines({ path, before, after }: Change, width = 600): readonly [string, string, string] {
  return [`  ${oneLine(path) || '(document entier)'}`, `- honnête : ${cut(showValue(before), width)}`, `+ fautif  : ${cut(showValue(after), width)}`]
}
