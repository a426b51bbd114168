/**
 * A loopback address without a port stands for any port: a client of the workstation takes a free one for each login, and the provider
 * accepts it (RFC 8252 §7.3).
 */
const ANY_PORT = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?=\/|$)/

export function anyPort(registered: string): boolean {
  return ANY_PORT.test(registered)
}

/** Is this address the registered one, to the character but for the port of a loopback address? */
export function sameAddress(sent: string | undefined, registered: string | undefined): boolean {
  if (sent === undefined || registered === undefined) return sent === registered
  return sent === registered || (anyPort(registered) && withoutPort(sent) === registered)
}

/** Does this URL lead to the registered address? */
export function leadsTo(url: string, registered: string): boolean {
  return url.startsWith(registered) || (anyPort(registered) && withoutPort(url).startsWith(registered))
}

function withoutPort(url: string): string {
  return url.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)):\d{1,5}(?=\/|$)/, '$1')
}
