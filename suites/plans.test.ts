import { describe, expect, it } from 'vitest'
import { loadPlan } from './plans.ts'

describe('variants', () => {
  it('multiply a unit, each with the control of its own configuration', async () => {
    const { units } = await loadPlan('relying-party')
    const altered = units.find(({ id }) => id === 'rp/id-token/altered-signature@es256')
    expect(altered?.kind === 'module' && altered.module).toMatchObject({ control: 'rp/login/nominal@es256', variant: 'es256' })
    expect(units.some(({ id }) => id === 'rp/authorization-response/errors#login-required@form-post')).toBe(true)
    for (const unit of units) {
      if (unit.kind === 'rule' || unit.module.control === undefined) continue
      expect(units.some(({ id }) => id === unit.module.control)).toBe(true)
    }
  })

  it('are left out of the plan of a target that does not declare them', async () => {
    const ids = (await loadPlan('relying-party', { variants: { 'form-post': {} } })).units.map(({ id }) => id)
    expect(ids).toContain('rp/login/nominal@form-post')
    expect(ids.filter((id) => id.includes('@') && !id.endsWith('@form-post'))).toEqual([])
  })
})
