import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { exchangesAt } from '#core/journal.ts'
import type { When } from '#core/module.ts'
import type { Cast } from '../../cast.ts'
import { answer, start, type Verb } from '../steps.ts'
import { action, observe, type Scene } from '../window.ts'

/** Milliseconds within which a port of this machine answers, and within which a listener that has done its work is gone. */
const ANSWERS = 500
const GONE = 3000

/** A client of the workstation: the browser that it opens, the port that it listens on. */
export const WORKSTATION_VERBS = {
  async workstation(scene, when, open, cast) {
    const window = await open()
    await start(scene, window)
    const listener = await listenerOf(scene, cast)
    if (listener) {
      const elsewhere = await firstReachable(otherAddresses(), listener.port)
      action(scene, 'listener', 'Le banc cherche où le client écoute', { ...listener, elsewhere: elsewhere ?? null })
    }
    const other = await open('second-poste')
    await start(scene, other)
    const second = await listenerOf(scene, cast)
    if (second) action(scene, 'second-listener', 'Un second poste lance une connexion en même temps', { ...second })
    const exercises = await answer(scene, window, when.means)
    await observe(scene, window, 'after-login', { picture: false, exercises })
    if (listener) action(scene, 'listener-after', 'Le retour est reçu : le client écoute-t-il encore ?', { open: await stillOpen(listener.port) })
  },
} satisfies Partial<Record<When['do'], Verb>>

/** The return address of the last request. */
async function listenerOf({ flow }: Scene, cast: Cast): Promise<{ readonly host: string; readonly port: number } | undefined> {
  const request = exchangesAt(await cast.read(flow), 'authorization').findLast(({ params }) => params['redirect_uri'])
  const address = request?.params['redirect_uri']
  if (!address || !URL.canParse(address)) return undefined
  const { hostname, port } = new URL(address)
  return { host: hostname, port: Number(port) }
}

/** Addresses of this machine that a client listening on 127.0.0.1 does not answer at; 127.0.0.2 is loopback too, but not the same. */
function otherAddresses(): string[] {
  const network = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return [...network.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address), '127.0.0.2']
}

async function firstReachable(addresses: readonly string[], port: number): Promise<string | undefined> {
  for (const address of addresses) if (await answers(address, port)) return address
  return undefined
}

async function stillOpen(port: number): Promise<boolean> {
  for (const deadline = Date.now() + GONE; Date.now() < deadline; await new Promise((again) => setTimeout(again, 25)))
    if (!(await answers('127.0.0.1', port))) return false
  return true
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: ANSWERS })
    const end = (answered: boolean) => {
      socket.destroy()
      done(answered)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
