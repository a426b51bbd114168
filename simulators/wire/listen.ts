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

/** A connection on which no request came through: OpenSSL's code (`NO_REQUEST` after a handshake that went well), and the name asked for. */
export type OnTlsTrouble = (code: string, name: string) => void

/**
 * Listens on loopback. With `tls`, HTTPS; port 0 takes any free port.
 * @param setting where the port is configured, for the sentence of `PORT_TAKEN`.
 */
export function listen(
  handler: RequestListener,
  port: number,
  options: {
    tls?: ServerOptions
    setting?: string
    host?: string
    onHandshake?: (outcome: { protocol?: string; error?: string }) => void
    onTlsTrouble?: OnTlsTrouble
  } = {},
): Promise<Listener> {
  const server: Server = options.tls ? (createHttpsServer(options.tls, handler) as unknown as Server) : createHttpServer(handler)
  server.keepAliveTimeout = 30_000
  if (options.tls && options.onTlsTrouble) tellTlsTrouble(server, options.onTlsTrouble)
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

function tellTlsTrouble(server: Server, tell: OnTlsTrouble): void {
  const nameOf = (socket: TLSSocket) => String((socket as { servername?: unknown }).servername || '')
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => tell(error.code ?? error.message, nameOf(socket)))
  const served = new WeakSet<object>()
  server.on('request', ({ socket }) => void served.add(socket))
  // A client that finds the wrong name in our certificate hangs up after the handshake, without a word.
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('close', () => {
      if (!served.has(socket) && server.listening) tell('NO_REQUEST', nameOf(socket))
    })
  })
}
