import { explain, HarnessError } from '#core/errors.ts'
import { readConfiguration } from './configuration.ts'
import { startDpi } from './server.ts'

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
