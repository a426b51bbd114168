import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createApp, type Log } from './app.ts'
import type { DpiConfiguration } from './configuration.ts'

/** Listens on the loopback at the port of the base URL; https when a certificate is given. Does not wait for the provider. */
export async function startDpi(configuration: DpiConfiguration, log: Log = console.error): Promise<{ readonly close: () => Promise<void> }> {
  const { baseUrl, tls } = configuration
  const app = createApp(configuration, log)
  const server = tls ? createHttpsServer(tls, app) : createHttpServer(app)
  const port = Number(baseUrl.port) || (baseUrl.protocol === 'https:' ? 443 : 80)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
