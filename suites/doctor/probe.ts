import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from '#core/target.ts'
import type { Reach } from './evidence.ts'
import { reach } from './reach.ts'

/** Where the local authority is kept between runs. */
const AUTHORITY = join(import.meta.dirname, '../../out/pki/ca.pem')

/** Our own look at the product: at its start page for a recipe, at its root for a driver of code; a client of the workstation has no site. */
export async function probeProduct(target: Target, baseUrl: string, hosts: Readonly<Record<string, string>>): Promise<Reach | undefined> {
  if (typeof target.driver !== 'string' && 'client' in target.driver) return undefined
  const path = typeof target.driver === 'string' ? '/' : target.driver.start
  return reach(baseUrl, path, hosts, existsSync(AUTHORITY) ? readFileSync(AUTHORITY, 'utf8') : '')
}
