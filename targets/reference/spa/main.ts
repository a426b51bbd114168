import { explain } from '#core/errors.ts'
import { readConfiguration } from './configuration.ts'
import { startSpa } from './server.ts'

try {
  const configuration = readConfiguration(process.env)
  const spa = await startSpa(configuration)
  console.log(`Application monopage de référence : ${configuration.baseUrl.origin}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void spa.close().then(() => process.exit(0)))
} catch (error) {
  console.error(explain(error))
  process.exit(3)
}
