import { describe, expect, it } from 'vitest'
import { createSchedule } from './schedule.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function granted(turn: Promise<() => void>): Promise<(() => void) | undefined> {
  let release: (() => void) | undefined
  void turn.then((given) => {
    release = given
  })
  await settled()
  return release
}

describe('the schedule', () => {
  it('lets ordinary units run side by side, also with one persona', async () => {
    const schedule = createSchedule()
    expect(await granted(schedule.take('canari', undefined))).toBeDefined()
    expect(await granted(schedule.take('canari', undefined))).toBeDefined()
  })

  it('keeps a simulator-exclusive unit alone, and those behind it waiting', async () => {
    const schedule = createSchedule()
    const first = await granted(schedule.take('canari', undefined))
    const alone = schedule.take('canari', 'simulator')
    expect(await granted(alone)).toBeUndefined()
    const late = schedule.take('accents', undefined)
    expect(await granted(late)).toBeUndefined()
    first?.()
    const release = await granted(alone)
    expect(release).toBeDefined()
    expect(await granted(late)).toBeUndefined()
    release?.()
    expect(await granted(late)).toBeDefined()
  })

  it('keeps a persona-exclusive unit from its persona only', async () => {
    const schedule = createSchedule()
    const holder = await granted(schedule.take('canari', 'persona'))
    expect(holder).toBeDefined()
    const same = schedule.take('canari', undefined)
    expect(await granted(same)).toBeUndefined()
    expect(await granted(schedule.take('accents', undefined))).toBeDefined()
    holder?.()
    expect(await granted(same)).toBeDefined()
  })
})
