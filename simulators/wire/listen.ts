import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureContextOptions, TLSSocket, Server as TlsServer } from 'node:tls'
import { HarnessError } from '#core/errors.ts'

/** A listening server and how to stop it, open connections included. */
export interface Listener {
  readonly port: number
  /** Replaces certificate and protocol versions of an HTTPS listener, and ends the connections that know the former ones. */
  secure(options: SecureContextOptions): void
  close(): Promise<void>
}

/**
 * Listens on loopback. With `tls`, HTTPS; port 0 takes any free port.
 * @param setting where the port is configured, for the sentence of `PORT_TAKEN`.
 */
export function listen(
  handler: RequestListener,
  port: number,
  options: { tls?: ServerOptions; setting?: string; host?: string; onHandshake?: (outcome: { protocol?: string; error?: string }) => void } = {},
): Promise<Listener> {
  const server: Server = options.tls ? (createHttpsServer(options.tls, handler) as unknown as Server) : createHttpServer(handler)
  server.keepAliveTimeout = 30_000
  if (options.onHandshake) {
    server.on('secureConnection', (socket: TLSSocket) => options.onHandshake?.({ protocol: socket.getProtocol() ?? '' }))
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => options.onHandshake?.({ error: error.code ?? error.message }))
  }
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const sentence = taken
        ? `Le port ${port} est déjà utilisé sur cette machine.`
        : `Impossible d'écouter sur le port ${port} (${cause.code ?? cause.message}).`
      reject(
        new HarnessError('PORT_TAKEN', sentence, {
          fix: `Arrêtez le programme qui l'occupe, ou changez ${options.setting ?? 'le port'} (0 choisit un port libre).`,
          place: options.setting ? { path: options.setting } : {},
          cause,
        }),
      )
    })
    server.listen(port, options.host ?? '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        secure(context) {
          ;(server as unknown as TlsServer).setSecureContext(context)
          server.closeAllConnections()
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}
