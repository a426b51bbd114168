import { gzipSync } from 'node:zlib'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Answer, Change, Edit } from '#core/fault.ts'
import type { Draft } from '#core/journal.ts'

type Transport = Extract<Edit, { op: 'answer' | 'delay' }>
const HONEST = 'honnête'

export function isTransport(edit: Edit): edit is Transport {
  return edit.op === 'answer' || edit.op === 'delay'
}

/** Bends status, headers and body of an answer that is otherwise ready, and says what it changed. `trap` stands for `{trap}`. */
export function bendAnswer(ctx: KoaContextWithOIDC, edit: Transport, trap: string): Change[] {
  if (edit.op === 'delay') {
    const after = edit.milliseconds === undefined ? "jusqu'à ce que le client raccroche" : `${edit.milliseconds / 1000} s`
    return [{ path: 'attente', before: 'aucune', after }]
  }
  const changes: Change[] = []
  const { status, headers = {}, coding } = edit
  const kept = ctx.body
  if (status !== undefined && (status !== ctx.status || !edit.keepsBody)) {
    changes.push({ path: 'statut HTTP', before: ctx.status, after: status })
    ctx.status = status
  }
  if (edit.keepsBody) ctx.body = kept
  const body = edit.body ?? (status === undefined || edit.keepsBody ? undefined : '')
  if (body !== undefined) {
    ctx.body = body
    if (body.startsWith('{')) ctx.type = 'json'
    if (body.startsWith('<')) ctx.type = 'html'
    if (status === undefined) changes.push({ path: 'corps', before: HONEST, after: body === '' ? '(vide)' : body.slice(0, 120) })
  }
  // Setting a body resets the status that goes without one.
  if (status !== undefined) ctx.status = status
  if (coding !== undefined) {
    const type = ctx.response.get('content-type')
    ctx.body = written(textOf(ctx.body), coding)
    ctx.set('content-type', type)
    if (coding.startsWith('gzip')) ctx.set('content-encoding', 'gzip')
    changes.push({ path: 'écriture du corps', before: 'UTF-8', after: coding })
  }
  for (const [name, value] of Object.entries(headers)) {
    const before = ctx.response.get(name)
    const after = value.replace('{trap}', trap)
    if (after === '') ctx.remove(name)
    else ctx.set(name, after)
    changes.push({ path: `en-tête ${name}`, before: before === '' ? '(absent)' : before, after: after === '' ? '(absent)' : after })
  }
  if (edit.cut) changes.push({ path: 'connexion', before: 'menée au bout', after: CUTS[edit.cut] })
  if (edit.padding) changes.push({ path: 'longueur du corps', before: HONEST, after: `${edit.padding} octets de plus` })
  if (edit.drip) changes.push({ path: 'débit', before: HONEST, after: `un octet toutes les ${edit.drip} ms, sans fin` })
  return changes
}

const CUTS: Readonly<Record<NonNullable<Answer['cut']>, string>> = {
  length: 'coupée au milieu du corps (longueur annoncée)',
  chunks: 'coupée au milieu du corps (morceaux)',
  start: 'coupée avant le premier octet',
}

/** What a held or bent answer needs of the provider around it. */
export interface Delivery {
  readonly site: string
  readonly held: Set<{ destroy(): void }> | undefined
  readonly note: (draft: Draft) => void
  /** The faulty answer, or its silence, has begun to reach the client. */
  readonly delivered: () => void
}

/**
 * Sends the answer in the way that the edits want, when that is not the usual way: late, never, in pieces, without end. How it
 * ended is written down as the provider event `answer-ended` (bytes sent, milliseconds, who ended it).
 */
export async function deliver(ctx: KoaContextWithOIDC, edits: readonly Transport[], { site, held, note, delivered }: Delivery): Promise<void> {
  const { res } = ctx
  const started = performance.now()
  let sent = 0
  const watchEnd = () => {
    delivered()
    held?.add(res)
    res.once('close', () => {
      held?.delete(res)
      const by = res.writableFinished ? 'provider' : 'client'
      note({
        kind: 'provider-event',
        channel: 'back-channel',
        event: 'answer-ended',
        detail: { site, by, bytes: String(sent), milliseconds: String(Math.round(performance.now() - started)) },
      })
    })
  }
  const delay = edits.find((edit) => edit.op === 'delay')
  if (delay) {
    watchEnd()
    const { milliseconds } = delay
    if (milliseconds === undefined) {
      ctx.respond = false
      return
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      res.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
    })
    if (res.destroyed) ctx.respond = false
    return
  }
  const edit = edits.find((one): one is Answer => one.op === 'answer' && Boolean(one.cut ?? one.padding ?? one.drip))
  if (!edit) return
  ctx.respond = false
  const body = bytesOf(ctx.body)
  const headers = Object.fromEntries(Object.entries(ctx.response.headers).filter(([name]) => name !== 'content-length')) as Record<string, string>
  if (edit.cut) {
    delivered()
    if (edit.cut === 'start') return void res.destroy()
    res.writeHead(ctx.status, edit.cut === 'length' ? { ...headers, 'content-length': body.length } : headers)
    res.write(body.subarray(0, Math.ceil(body.length / 2)), () => res.destroy())
    return
  }
  watchEnd()
  res.writeHead(ctx.status, headers)
  if (edit.drip) {
    const bytes = Buffer.concat([body, Buffer.alloc(1)])
    const timer = setInterval(() => {
      res.write(sent < body.length / 2 ? bytes.subarray(sent, sent + 1) : ' ')
      sent++
    }, edit.drip)
    res.once('close', () => clearInterval(timer))
    return
  }
  const piece = Buffer.alloc(64 * 1024, ' ')
  const total = edit.padding ?? 0
  res.write(body)
  sent = body.length
  const more = () => {
    while (!res.destroyed && sent < total) {
      sent += piece.length
      if (!res.write(piece)) return void res.once('drain', more)
    }
    if (!res.destroyed) res.end()
  }
  more()
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body ?? '')
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body === null || body === undefined ? '' : textOf(body))
}

function written(text: string, coding: NonNullable<Answer['coding']>): Buffer {
  if (coding === 'gzip') return gzipSync(text)
  if (coding === 'utf-16') return Buffer.from(`\uFEFF${text}`, 'utf16le')
  return Buffer.from(coding === 'byte-order-mark' ? `\uFEFF${text}` : text)
}
