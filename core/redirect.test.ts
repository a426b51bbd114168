import { describe, expect, it } from 'vitest'
import { leadsTo, sameAddress } from './redirect.ts'

describe('a loopback redirect address', () => {
  it('takes any port when it is registered without one', () => {
    expect(sameAddress('http://127.0.0.1:4711/retour', 'http://127.0.0.1/retour')).toBe(true)
    expect(leadsTo('http://127.0.0.1:4711/retour?code=x', 'http://127.0.0.1/retour')).toBe(true)
    expect(leadsTo('http://[::1]:4711/retour?code=x', 'http://[::1]/retour')).toBe(true)
  })

  it('keeps its port when it has one, and its host and path always', () => {
    expect(sameAddress('http://127.0.0.1:4711/retour', 'http://127.0.0.1:8080/retour')).toBe(false)
    expect(sameAddress('http://localhost:4711/retour', 'http://127.0.0.1/retour')).toBe(false)
    expect(sameAddress('http://127.0.0.1:4711/autre', 'http://127.0.0.1/retour')).toBe(false)
    expect(sameAddress('http://127.0.0.1.pirate.test/retour', 'http://127.0.0.1/retour')).toBe(false)
  })

  it('is no reason to take another address for the registered one', () => {
    expect(sameAddress('https://dpi.test:444/retour', 'https://dpi.test/retour')).toBe(false)
    expect(sameAddress(undefined, 'https://dpi.test/retour')).toBe(false)
    expect(sameAddress(undefined, undefined)).toBe(true)
  })
})
