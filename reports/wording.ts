/**
 * Allure's French speaks of tests that are "cassé"; a reader of a conformity report reads our words instead. What a later
 * Allure words otherwise simply stays as it is.
 */
const WORDS: readonly (readonly [allure: string, ours: string])[] = [
  [
    '"passed":"réussi","failed":"échoué","broken":"cassé","skipped":"ignoré"',
    '"passed":"conforme","failed":"non conforme","broken":"à regarder","skipped":"écarté"',
  ],
  ['"environments":"Environnements","error":"Erreur"', '"environments":"Environnements","error":"Verdict"'],
  ['"search-placeholder":"Rechercher des tests"', '"search-placeholder":"Rechercher une épreuve"'],
  ['"sections":{"report":"Report"', '"sections":{"report":"Rapport"'],
  ['"resolution":"Resolution"', '"resolution":"Résolution"'],
  ['"body":"Corps du test"', '"body":"L\'échange, pas à pas"'],
]

const SCRIPT = /(<script\b[^>]*\bsrc=")data:text\/javascript;base64,([A-Za-z0-9+/=]+)"/g

/** Our words in a single-file Allure 3 report, whose script stands in the page as base64. */
export function inOurWords(html: string): string {
  return html.replace(SCRIPT, (_, before: string, base64: string) => {
    const script = WORDS.reduce(
      (text, [allure, ours]) => text.replaceAll(allure, ours.replaceAll("'", "\\'")),
      Buffer.from(base64, 'base64').toString('utf8'),
    )
    return `${before}data:text/javascript;charset=utf-8;base64,${Buffer.from(script).toString('base64')}"`
  })
}

/** Allure 2 takes headings, lists and blocks of a description for plain text; this gives them their look back. */
export function withDescriptionStyle(html: string): string {
  return html.replace(
    '</head>',
    `<style>
.description__text h3 { font-weight: bold; font-size: 1.15em; margin: 1.2em 0 .4em }
.description__text p, .description__text li { margin: .3em 0; line-height: 1.45 }
.description__text ul { list-style: disc; padding-left: 1.6em }
.description__text pre, .description__text code { font-family: monospace }
.description__text pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #e8edf1; color: #22252a; padding: .8em; line-height: 1.4 }
</style></head>`,
  )
}
