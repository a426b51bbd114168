/**
 * A generated page without anything that would be fetched from elsewhere: analytics scripts with their inline half, and any
 * script, style sheet, picture or frame of another origin. A Content-Security-Policy keeps the page from calling out at run time.
 */
export function withoutTracking(html: string): string {
  return html
    .replace(/<script\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?\/\/[^>]*>\s*<\/script>\s*/gi, '')
    .replace(/<script>(?:(?!<\/script>)[\s\S]){0,2000}?window\.dataLayer(?:(?!<\/script>)[\s\S]){0,4000}?<\/script>\s*/g, '')
    .replace(/<link\b[^>]*\bhref\s*=\s*["']?(?:https?:)?\/\/[^>]*>\s*/gi, '')
    .replace(/<(?:img|iframe)\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?\/\/[^>]*>/gi, '')
    .replace(/<head>/i, `<head>${POLICY}`)
    .replace(/<html([^>]*)\blang="[a-z]*"/i, '<html$1lang="fr"')
}

const SOURCES = "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src ${SOURCES}; connect-src 'self' data: blob:; form-action 'none'">`
