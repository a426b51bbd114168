import { randomBytes } from 'node:crypto'
import type { PhoneRequest } from './connector.ts'
import type { Defects } from './defects.ts'

/** A request that waits on a phone, and the screen that waits for it. */
export interface WaitingScreen {
  /** What the screen names the request by; the provider's own identifier never leaves the server. */
  readonly handle: string
  /** The browser that asked. */
  readonly browser: string
  readonly nationalId: string
  readonly bindingMessage: string
  readonly request: PhoneRequest
  /** Seconds between two polls; slow_down makes it longer. */
  interval: number
  /** Milliseconds since the epoch before which the provider is not asked again. */
  nextPoll: number
}

/** The requests that wait on phones. */
export interface PhoneRequests {
  add(screen: Omit<WaitingScreen, 'handle' | 'interval' | 'nextPoll'>): WaitingScreen
  /** The request that this browser waits for under this name; an answer is given to whoever asked, and to nobody else. */
  find(browser: string, handle: string, defects: Defects): WaitingScreen | undefined
  /** Does another screen wait for the same phone? */
  busy(nationalId: string, browser: string): boolean
  end(screen: WaitingScreen): void
  /** The browser has left its waiting screen. */
  abandon(browser: string): void
}

export function createPhoneRequests(): PhoneRequests {
  const waiting = new Map<string, WaitingScreen>()
  const alive = ({ request }: WaitingScreen) => Date.now() < (request.askedAt + request.expiresIn) * 1000
  return {
    add(asked) {
      for (const [handle, screen] of waiting) if (!alive(screen)) waiting.delete(handle)
      const screen = { ...asked, handle: randomBytes(18).toString('base64url'), interval: asked.request.interval, nextPoll: 0 }
      waiting.set(screen.handle, screen)
      return screen
    },
    find(browser, handle, defects) {
      const screen = waiting.get(handle)
      return screen && (screen.browser === browser || defects.has('phone-answer-for-anybody')) ? screen : undefined
    },
    busy: (nationalId, browser) =>
      [...waiting.values()].some((screen) => screen.nationalId === nationalId && screen.browser !== browser && alive(screen)),
    end: ({ handle }) => void waiting.delete(handle),
    abandon(browser) {
      for (const [handle, screen] of waiting) if (screen.browser === browser) waiting.delete(handle)
    },
  }
}
