import { partial } from './unsupported.ts'

/** The part of Playwright's Frame, Request and Response that scenes ask for. */
export interface FrameView {
  parentFrame(): FrameView | null
  url(): string
  page(): unknown
}
export interface RequestView {
  url(): string
  method(): string
  headers(): Readonly<Record<string, string>>
  /** With the cookies that were sent. */
  allHeaders(): Promise<Readonly<Record<string, string>>>
  headerValue(name: string): Promise<string | null>
  postData(): string | null
  isNavigationRequest(): boolean
  resourceType(): string
  frame(): FrameView
  redirectedFrom(): RequestView | null
}
export interface ResponseView {
  url(): string
  status(): number
  ok(): boolean
  headers(): Readonly<Record<string, string>>
  request(): RequestView
  frame(): FrameView
  allHeaders(): Promise<Readonly<Record<string, string>>>
  headerValue(name: string): Promise<string | null>
}

export function requestView(parts: {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly cookie: string
  readonly body?: string | undefined
  readonly frame: FrameView
  readonly type: 'document' | 'other'
  readonly from: RequestView | null
}): RequestView {
  const { method, url, headers, cookie, body, frame, type, from } = parts
  const all = cookie ? { ...headers, cookie } : headers
  return partial('request', {
    url: () => url,
    method: () => method,
    headers: () => headers,
    allHeaders: async () => all,
    headerValue: async (name: string) => all[name.toLowerCase() as 'cookie'] ?? null,
    postData: () => body ?? null,
    isNavigationRequest: () => type === 'document',
    resourceType: () => type,
    frame: () => frame,
    redirectedFrom: () => from,
  })
}

export function responseView(
  request: RequestView,
  status: number,
  headers: Readonly<Record<string, string>>,
  setCookies: readonly string[],
): ResponseView {
  const all = setCookies.length > 0 ? { ...headers, 'set-cookie': setCookies.join('\n') } : headers
  return partial('response', {
    url: () => request.url(),
    status: () => status,
    ok: () => status >= 200 && status < 300,
    headers: () => all,
    allHeaders: async () => all,
    headerValue: async (name: string) => all[name.toLowerCase() as 'date'] ?? null,
    request: () => request,
    frame: () => request.frame(),
  })
}
