import { explain } from '#core/errors.ts'
import { runClient } from './client.ts'
import { readConfiguration } from './configuration.ts'

try {
  runClient(readConfiguration(process.env))
} catch (error) {
  console.error(explain(error))
  process.exit(3)
}
