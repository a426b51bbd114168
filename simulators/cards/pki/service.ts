import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as x509 from '@peculiar/x509'
import type { Clock } from '#core/clock.ts'
import { HarnessError } from '#core/errors.ts'
import { applyEdits, type CardFault, type Change, type Json, type Symbolic } from '#core/fault.ts'
import { type Listener, listen } from '../../wire/listen.ts'
import { concat } from '../os/bytes.ts'
import { der } from '../os/der.ts'
import { type CardAuthority, createCardAuthority, createKeyPair, type KeyPair, signingKey } from './authority.ts'
import { isAbout, readOcspRequest, writeOcspResponse } from './ocsp.ts'
import { type CrlState, honestCrl, honestOcsp, type OcspState } from './revocation-state.ts'

/** Longest question that is read, in bytes. */
const LONGEST_REQUEST = 16_384
const CRL_NUMBER = '2.5.29.20'

/** An authority and its answers about revocation over HTTP on loopback. */
export interface CardPki {
  readonly authority: CardAuthority
  /** `http://127.0.0.1:…`; OCSP at `/ocsp` (POST, and GET with the question in Base64: RFC 6960 §A.1), the list at `/crl`, the authority at `/ca`. */
  readonly address: string
  /** From now on answers are bent by these faults of site `card.revocation`, and no others. */
  bend(faults: readonly CardFault[], onApplied: (fault: CardFault, changes: readonly Change[]) => void): void
  /** Questions that came in, by endpoint. */
  readonly asked: () => { readonly ocsp: number; readonly crl: number }
  close(): Promise<void>
}

/** Starts an authority with its own revocation service. `delay` waits so many milliseconds, or as many as the bench's clock says. */
export async function startCardPki(options: {
  readonly clock: Clock
  readonly name?: string
  readonly delay?: (milliseconds: number) => Promise<void>
}): Promise<CardPki> {
  const { clock, name, delay = (milliseconds) => new Promise((done) => void setTimeout(done, milliseconds)) } = options
  const stranger = await createKeyPair()
  let authority: CardAuthority | undefined
  let faults: readonly CardFault[] = []
  let applied: Parameters<CardPki['bend']>[1] = () => {}
  const count = { ocsp: 0, crl: 0 }

  /** The honest state bent under `root`; what would change nothing stays unsaid. */
  function bent<State extends { readonly [key: string]: Json }>(root: 'ocsp' | 'crl', honest: State): State {
    let document: Json = { [root]: honest }
    for (const fault of faults) {
      if (fault.site !== 'card.revocation' || !fault.edits.some(({ path }) => path.startsWith(`${root}.`))) continue
      try {
        const result = applyEdits(document, fault, (symbol) => resolveTime(symbol, clock))
        document = result.document
        applied(fault, result.changes)
      } catch (error) {
        if (!(error instanceof HarnessError) || error.code !== 'FAULT_INERT') throw error
      }
    }
    return (document as { readonly [key: string]: State })[root] ?? honest
  }

  async function answerOcsp(known: CardAuthority, question: Uint8Array, response: ServerResponse): Promise<void> {
    count.ocsp++
    const request = readOcspRequest(question)
    const status = request && isAbout(request, known) ? known.statusOf(request.serial) : 'unknown'
    const state: OcspState = bent('ocsp', honestOcsp(status, clock.now()))
    if (state.delay > 0) await delay(state.delay)
    const signer = signerOf(state.signer, known, stranger)
    const revocation = typeof status === 'object' ? status : undefined
    send(response, state, writeOcspResponse({ request, state, revocation, ...signer }))
  }

  async function answerCrl(known: CardAuthority, response: ServerResponse): Promise<void> {
    count.crl++
    const state: CrlState = bent('crl', honestCrl(clock.now()))
    if (state.delay > 0) await delay(state.delay)
    send(response, state, await writeCrl(known, state, stranger))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    if (!authority) return void response.writeHead(503).end()
    if (path === '/crl') return answerCrl(authority, response)
    if (path === '/ca') return send(response, { http: 200, type: 'application/pkix-cert' }, new Uint8Array(authority.issuing.rawData))
    if (path === '/ocsp' && request.method === 'POST') return answerOcsp(authority, await bodyOf(request), response)
    if (path.startsWith('/ocsp/')) return answerOcsp(authority, new Uint8Array(Buffer.from(unescaped(path.slice(6)), 'base64')), response)
    response.writeHead(404).end()
  }

  const listener: Listener = await listen((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  }, 0)
  const address = `http://127.0.0.1:${listener.port}`
  authority = await createCardAuthority({ clock, address, ...(name !== undefined && { name }) })
  return {
    authority,
    address,
    bend(next, onApplied) {
      faults = next
      applied = onApplied
    },
    asked: () => ({ ...count }),
    close: () => listener.close(),
  }
}

/** The revocation list of an authority (RFC 5280 §5) as `state` has it, in DER. */
export async function writeCrl(authority: CardAuthority, state: CrlState, stranger?: KeyPair): Promise<Uint8Array> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const nobody = Array.from({ length: state.padding }, (_, index) => ({ serialNumber: `7f${index.toString(16).padStart(30, '0')}` }))
  const entries = [...authority.revoked()].map(([serialNumber, { at, reason }]) => ({
    serialNumber,
    revocationDate: new Date(at),
    reason: x509.X509CrlReason[reason],
  }))
  const list = await x509.X509CrlGenerator.create({
    issuer: authority.issuing.subjectName,
    thisUpdate: new Date(state.thisUpdate * 1000),
    nextUpdate: new Date(state.nextUpdate * 1000),
    entries: [...entries, ...nobody],
    signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as Algorithm,
    signingKey: signingKey(state.signer === 'stranger' && stranger ? stranger.privateKey : authority.signer.key),
    extensions: [
      new x509.Extension(CRL_NUMBER, false, Uint8Array.from(der.integer(state.thisUpdate % 0x7fffffff))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.issuing.publicKey),
    ],
  })
  return new Uint8Array(list.rawData)
}

function signerOf(signer: OcspState['signer'], { responder, signer: own, root }: CardAuthority, stranger: KeyPair) {
  if (signer === 'authority') return own
  if (signer === 'stranger') return { certificate: responder.certificate, key: stranger.privateKey }
  // Whoever signs with the responder's key under a certificate that does not say so.
  return signer === 'not-allowed' ? { certificate: root, key: responder.key } : responder
}

function send(response: ServerResponse, { http, type }: { readonly http: number; readonly type: string }, body: Uint8Array): void {
  response.writeHead(http, { 'content-type': type, 'content-length': http === 200 ? body.length : 0 }).end(http === 200 ? body : undefined)
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Uint8Array).length
    if (size > LONGEST_REQUEST) return new Uint8Array()
    parts.push(part as Uint8Array)
  }
  return concat(...parts)
}

/** A path that is no percent-encoding is no question. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function resolveTime(symbol: Symbolic, clock: Clock): Json {
  if ('now' in symbol) return Math.floor(clock.now() / 1000) + symbol.now
  throw new HarnessError('FAULT_UNRESOLVED', `Le service de révocation ne connaît pas la valeur symbolique ${JSON.stringify(symbol)}.`, {
    fix: 'Utilisez une valeur littérale ou { now: secondes }.',
  })
}
