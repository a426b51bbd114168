/** Time ran out. */
export class TimedOut extends Error {}

/** The moment by which something must have happened; 0 waits for ever, as in Playwright. */
export function deadlineIn(timeout: number): number {
  return timeout === 0 ? Number.POSITIVE_INFINITY : Date.now() + timeout
}

/**
 * The outcome of a promise, if it comes in time.
 * @throws TimedOut
 */
export async function within<T>(promise: Promise<T>, deadline: number): Promise<T> {
  if (!Number.isFinite(deadline)) return promise
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut('time')), Math.max(0, deadline - Date.now()))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
