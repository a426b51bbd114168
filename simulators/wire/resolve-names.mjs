/**
 * Preload for a Node product started by the harness (`node --import`): the names of HOSPICERT_HOSTS (`name=address,…`)
 * resolve without touching the machine. Everything else resolves as usual.
 */
import dns from 'node:dns'

const known = new Map(
  (process.env.HOSPICERT_HOSTS ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair) => pair.split('=')),
)
const lookup = dns.lookup

dns.lookup = (hostname, options, callback) => {
  const done = typeof options === 'function' ? options : callback
  const address = known.get(hostname)
  if (address === undefined) return lookup.call(dns, hostname, options, callback)
  if (typeof options === 'object' && options?.all) return process.nextTick(done, null, [{ address, family: 4 }])
  return process.nextTick(done, null, address, 4)
}
