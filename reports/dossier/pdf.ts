import { rename } from 'node:fs/promises'
import type { Browser } from 'playwright'
import { escapeHtml } from '../text.ts'

const BAND = 'font: 7pt sans-serif; color: #454e5e; width: 100%; padding: 0 16mm; display: flex; justify-content: space-between'

/**
 * Prints a page as a tagged A4 PDF with bookmarks and page numbers. Nothing is fetched and no script runs. The browser is handed in.
 * @example await writePdf(browser, dossierHtml(model, pictures), 'out/run/dossier.pdf', 'DPI 12.4 — exécution 42')
 */
export async function writePdf(browser: Browser, html: string, path: string, footer = ''): Promise<void> {
  const context = await browser.newContext({ offline: true, javaScriptEnabled: false, locale: 'fr-FR' })
  try {
    const page = await context.newPage()
    await page.setContent(html, { waitUntil: 'load' })
    await page.pdf({
      path: `${path}.tmp`,
      format: 'A4',
      tagged: true,
      outline: true,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: `<div style="${BAND}"><span>HospiCert — dossier de preuves</span></div>`,
      footerTemplate: `<div style="${BAND}"><span>${escapeHtml(footer)}</span><span>Page <span class="pageNumber"></span> sur <span class="totalPages"></span></span></div>`,
      margin: { top: '20mm', bottom: '18mm', left: '16mm', right: '16mm' },
    })
    await rename(`${path}.tmp`, path)
  } finally {
    await context.close()
  }
}
