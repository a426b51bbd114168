import { explain, HarnessError } from '#core/errors.ts'
import { readConfiguration } from './configuration.ts'
import { startDpi } from './server.ts'

// A server whose clock is wrong, for the doctor: the Date header is set by the application, since Node keeps a clock of its own for it.
const offset = Number(process.env['DPI_CLOCK_OFFSET'] ?? 0) * 1000
if (offset !== 0) {
  const now = Date.now
  Date.now = () => now() + offset
}

try {
  const configuration = readConfiguration(process.env)
  const dpi = await startDpi(configuration)
  console.log(`DPI de référence : ${configuration.baseUrl.origin}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void dpi.close().then(() => process.exit(0)))
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  console.error(
    explain(
      taken
        ? new HarnessError('PORT_TAKEN', 'Le port du DPI de référence est déjà utilisé.', { fix: 'Choisissez un autre port dans baseUrl.' })
        : error,
    ),
  )
  process.exit(3)
}
