/** One reference from a file to another, as it is written. */
export interface Import {
  readonly specifier: string
  /** From 1. */
  readonly line: number
  readonly typeOnly: boolean
}

const FORMS = [
  /^[ \t]*(?:import|export)[ \t]+(?<type>type\b)?[ \t]*(?:[\w$]+[ \t]*,?[ \t]*)?(?:\{[^}]*\}|\*(?:[ \t]+as[ \t]+[\w$]+)?)?[ \t]*from[ \t\n]*['"](?<specifier>[^'"\n]+)['"]/gm,
  /^[ \t]*import[ \t]*['"](?<specifier>[^'"\n]+)['"]/gm,
  /\b(?:import|require)\([ \t\n]*['"](?<specifier>[^'"\n]+)['"][ \t\n]*[,)]/g,
  /\bnew URL\([ \t\n]*['"`](?<specifier>\.{1,2}\/[^'"`$\n]*)[^)]*?,[ \t\n]*import\.meta\.url/g,
  /^[ \t]*declare module ['"](?<specifier>[^'"\n]+)['"]/gm,
]

/**
 * Every reference of a source file: static, type-only, re-export, dynamic, `require`, `new URL(…, import.meta.url)` and
 * module augmentation. Lines of comment are passed over. It reads text, not a syntax tree: enough for formatted sources.
 */
export function importsOf(source: string): readonly Import[] {
  const code = source.replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, '')
  return FORMS.flatMap((form) =>
    [...code.matchAll(form)].map((match) => {
      const specifier = match.groups?.specifier ?? ''
      const line = code.slice(0, match.index + match[0].lastIndexOf(specifier)).split('\n').length
      return { specifier, line, typeOnly: match.groups?.type !== undefined || match[0].trimStart().startsWith('declare') }
    }),
  ).sort((a, b) => a.line - b.line)
}
