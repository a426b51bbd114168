import { chosen, conclude, targetOfRun, test } from './bench.ts'
import { readJournals } from './journals-on-disk.ts'
import { loadPlan } from './plans.ts'
import { runRule } from './run-rule.ts'

const plan = await loadPlan('relying-party', targetOfRun())

for (const unit of chosen(plan)) {
  if (unit.kind !== 'rule') continue
  test(`${unit.id} — ${unit.rule.title}`, async ({ hospicert: { cast } }, info) => {
    await conclude(runRule(unit.rule, readJournals(cast.facts.folder), cast.facts), info)
  })
}
