import { described } from '#core/plan.ts'
import { chosen, conclude, targetOfRun, test } from './bench.ts'
import { loadPlan } from './plans.ts'
import { runUnit } from './run-unit.ts'

const plan = await loadPlan('relying-party', targetOfRun())

for (const unit of chosen(plan)) {
  if (unit.kind === 'rule') continue
  const { title, requirements } = described(unit)
  test(`${unit.id} — ${title}`, { annotation: requirements.map((id) => ({ type: 'exigence', description: id })) }, async ({ hospicert }, info) => {
    await conclude(await runUnit({ ...hospicert, plan }, unit.kind, unit.module), info)
  })
}
