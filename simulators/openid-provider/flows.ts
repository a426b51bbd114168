import type { Fault, OpSite } from '#core/fault.ts'
import type { Means, PhoneOrder } from '#core/module.ts'
import type { ClientSession } from './logout-notice.ts'

/** The cookie by which the bench tells the provider which flow a browser belongs to. */
export const FLOW_COOKIE = 'hospicert_flow'

/** One transaction chain: authorization request → code → tokens → userinfo → logout, with its own faults. */
export interface Flow {
  readonly id: string
  readonly faults: readonly Fault<OpSite>[]
  /** The professional that the wallet page proposes first. */
  readonly persona: string
  readonly means: Means
  /** Nonces of its authorization requests. */
  readonly nonces: string[]
  /** The client that it goes through, when it is not the first one. */
  readonly clientId?: string
  /** Nothing else runs: what no flow could claim (discovery, keys) is its own, and its faults reach that too. */
  readonly alone?: boolean
  /** Which login of the scene is under way, from 1. */
  login: number
  /** Parameters of its last authorization request that a fault may measure itself against. */
  readonly asked: { maxAge?: number }
  /** What the professional does on the phone (CIBA). */
  readonly phone?: PhoneOrder
  /** Codes and tokens that lead to it; forgotten with it. */
  readonly handles: string[]
  /** Answers that are still being held back; cut with it. */
  readonly held: Set<{ destroy(): void }>
  /** What must never show in a browser, by its French name. */
  readonly secrets: Map<string, string>
  /** Sessions at the product that its logins opened, oldest first. */
  readonly sessions: ClientSession[]
  /** The last logout token that was sent for it. */
  lastNotice?: string
}

/** Finds the flow of a request by cookie in the browser, by code or token on the back channel. */
export interface Flows {
  open(flow: Omit<Flow, 'nonces' | 'login' | 'asked' | 'handles' | 'held' | 'sessions' | 'secrets' | 'lastNotice'>): Flow
  get(id: string): Flow | undefined
  close(id: string): void
  ofCookie(header: string | undefined): Flow | undefined
  /** The flow that runs alone, if one does. */
  alone(): Flow | undefined
  /** Remembers that a code, token or identifier belongs to a flow. */
  bind(handle: string | undefined, flow: Flow | undefined): void
  ofHandle(handle: string | undefined): Flow | undefined
  /** Nonce of the last completed login of another flow; undefined before the first. */
  previousNonce(flow: Flow): string | undefined
  completed(flow: Flow, nonce: string): void
}

/** The faults that hold for the login under way. */
export function faultsOf(flow: Flow | undefined): readonly Fault<OpSite>[] {
  return (flow?.faults ?? []).filter(({ during }) => during === undefined || during.includes(flow?.login ?? 1))
}

const COOKIE = new RegExp(`(?:^|;\\s*)${FLOW_COOKIE}=([^;]+)`)

export function createFlows(): Flows {
  const flows = new Map<string, Flow>()
  const handles = new Map<string, Flow>()
  let last: { flow: Flow; nonce: string }[] = []
  return {
    open(opened) {
      const flow: Flow = {
        ...opened,
        nonces: [],
        login: 1,
        asked: {},
        handles: [],
        held: new Set<{ destroy(): void }>(),
        sessions: [],
        secrets: new Map(),
      }
      flows.set(flow.id, flow)
      return flow
    },
    get: (id) => flows.get(id),
    alone: () => [...flows.values()].find(({ alone }) => alone),
    close(id) {
      const flow = flows.get(id)
      flows.delete(id)
      for (const answer of flow?.held ?? []) answer.destroy()
      for (const handle of flow?.handles ?? []) if (handles.get(handle) === flow) handles.delete(handle)
    },
    ofCookie: (header) => flows.get(COOKIE.exec(header ?? '')?.[1] ?? ''),
    bind(handle, flow) {
      if (!handle || !flow) return
      handles.set(handle, flow)
      flow.handles.push(handle)
    },
    ofHandle: (handle) => (handle ? handles.get(handle) : undefined),
    previousNonce: (flow) => last.find((past) => past.flow !== flow)?.nonce,
    completed(flow, nonce) {
      last = [{ flow, nonce }, ...last.filter((past) => past.flow !== flow)].slice(0, 2)
    },
  }
}
