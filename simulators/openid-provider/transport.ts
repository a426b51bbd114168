import type { SecureContextOptions } from 'node:tls'
import type { Change, Edit, Fault, OpSite } from '#core/fault.ts'
import type { Draft } from '#core/journal.ts'
import type { Listener } from '#simulators/wire/listen.ts'
import type { Identity, LocalCa } from '#simulators/wire/local-ca.ts'
import type { Flow } from './flows.ts'
import type { Recorder } from './recorder.ts'

/** The TLS of the back channel's host, which no flow has of its own: bent for one flow that runs alone, then honest again. */
export interface Transport {
  /** Applies the faults of site `tls` of this flow; every connection is made anew. */
  bend(flow: Flow): Promise<void>
  /** Waits first, a second at most, for the handshake that the client has met: the server learns of a refusal a moment after it. */
  restore(): Promise<void>
  /** A handshake was made or has failed. */
  met(outcome: { readonly protocol?: string; readonly error?: string }): void
}

type TlsEdit = Extract<Edit, { op: 'certificate' | 'protocol' }>

const FLAWS: Readonly<Record<Extract<TlsEdit, { op: 'certificate' }>['flaw'], string>> = {
  'self-signed': 'signé par lui-même',
  'unknown-authority': 'signé par une autorité inconnue',
  'other-name': 'au nom d’un autre hôte',
  expired: 'expiré depuis hier',
  'not-yet-valid': 'valable dans un mois',
}

/** How long the news of a handshake may take, in milliseconds. */
const NEWS = 1000

/** @param honest what the listener was opened with */
export function createTransport(
  honest: SecureContextOptions,
  parts: { readonly ca: LocalCa; readonly names: readonly string[]; readonly listener: () => Listener; readonly recorder: () => Recorder },
): Transport {
  let bent: { readonly flow: Flow; readonly faults: readonly Fault<OpSite>[]; readonly news: PromiseWithResolvers<void> } | undefined
  return {
    async bend(flow) {
      const faults = flow.faults.filter(({ site }) => site === 'tls')
      const made = await Promise.all(faults.map((fault) => Promise.all(fault.edits.filter(isTls).map((edit) => bendContext(edit, parts)))))
      parts.listener().secure(Object.assign({}, honest, ...made.flat().map(({ options }) => options)) as SecureContextOptions)
      bent = { flow, faults, news: Promise.withResolvers() }
      faults.forEach((fault, index) => {
        parts.recorder().fault(
          flow,
          'back-channel',
          fault,
          (made[index] ?? []).map(({ change }) => change),
        )
      })
    },
    async restore() {
      if (!bent) return
      const timer = setTimeout(bent.news.resolve, NEWS)
      await bent.news.promise
      clearTimeout(timer)
      bent = undefined
      parts.listener().secure(honest)
    },
    met({ protocol, error }) {
      if (!bent) return
      const { flow, faults, news } = bent
      const note = (draft: Draft) => parts.recorder().note(flow, draft)
      const detail: Record<string, string> = error === undefined ? { protocol: protocol ?? '' } : { error }
      note({ kind: 'provider-event', channel: 'back-channel', event: error === undefined ? 'handshake' : 'handshake-refused', detail })
      for (const fault of faults) note({ kind: 'fault-delivered', channel: 'back-channel', fault: fault.id, to: 'target' })
      news.resolve()
    },
  }
}

function isTls(edit: Edit): edit is TlsEdit {
  return edit.op === 'certificate' || edit.op === 'protocol'
}

async function bendContext(
  edit: TlsEdit,
  { ca, names }: { readonly ca: LocalCa; readonly names: readonly string[] },
): Promise<{ readonly options: SecureContextOptions; readonly change: Change }> {
  if (edit.op === 'protocol') {
    // Today's OpenSSL only speaks these versions at its lowest level of security.
    const options = { minVersion: edit.version, maxVersion: edit.version, ciphers: 'DEFAULT@SECLEVEL=0' } as const
    return { options, change: { path: 'versions de TLS', before: '1.2 et 1.3', after: edit.version } }
  }
  const { certificate, privateKey }: Identity = await ca.issueServer(names, edit.flaw)
  return { options: { cert: certificate, key: privateKey }, change: { path: 'certificat', before: 'valable', after: FLAWS[edit.flaw] } }
}
