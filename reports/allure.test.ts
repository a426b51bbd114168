import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestResult } from 'allure-js-commons'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeAllureResults } from './allure.ts'
import { exampleRecord, exampleRegisters, writeExampleRun } from './example.test-data.ts'
import { exampleUnit } from './example-units.test-data.ts'

let folder: string
let results: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'allure-'))
  results = writeAllureResults(folder, writeExampleRun(folder), exampleRegisters())
})
afterAll(() => rmSync(folder, { recursive: true }))

const all = () =>
  readdirSync(results)
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as TestResult)
const of = (id: string) => all().find(({ fullName }) => fullName === id) as TestResult
const values = (result: TestResult, name: string) => result.labels.filter((label) => label.name === name).map(({ value }) => value)

test('one result a unit; green is conform and nothing else', () => {
  const byStatus = Map.groupBy(all(), ({ status }) => status as string)
  const verdicts = (status: string) => [...new Set(byStatus.get(status)?.flatMap((result) => values(result, 'verdict')))].toSorted()
  expect(all()).toHaveLength(12)
  expect(verdicts('passed')).toEqual(['pass'])
  expect(verdicts('failed')).toEqual(['fail'])
  expect(verdicts('broken')).toEqual(['error', 'inconclusive', 'review', 'warning'])
  expect(verdicts('skipped')).toEqual(['accepted-risk', 'inapplicable'])
})

test('labels carry the true verdict, the requirements and the place in the tree', () => {
  const result = of('rp/id-token/wrong-audience')
  expect(values(result, 'tag')).toEqual(['non conforme'])
  expect(values(result, 'requirement')).toEqual(['oidc-core@1.0/3.1.3.7-3', 'psc@2026-11/refusal-no-session'])
  expect([values(result, 'epic'), values(result, 'feature'), values(result, 'severity')].flat()).toEqual([
    'OpenID Connect Core 1.0',
    "Jeton d'identité",
    'critical',
  ])
  expect(values(result, 'story')[0]).toMatch(/^3\.1\.3\.7-3 — L'audience/)
  expect(result.links).toContainEqual(expect.objectContaining({ name: 'oidc-core@1.0/3.1.3.7-3', url: expect.stringMatching(/^https:/) }))
})

test('the page tells what was required, done, observed and how to mend it; nothing of the target is markup', () => {
  const page = of('rp/id-token/wrong-audience').descriptionHtml ?? ''
  const titles = [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title)
  expect(titles).toEqual([
    'Ce qui était exigé',
    'Ce que le simulateur a fait',
    'Ce qui a été observé',
    'Témoin',
    'L’échange',
    'Ce qu’a vu le professionnel',
    'Comment corriger',
  ])
  expect(page).toContain('  aud\n- honnête : &#34;dpi-etoile&#34;\n+ fautif  : &#34;un-autre-client&#34;')
  expect(page).toContain('5. Produit → PSC POST …/token 200 (12 ms)')
  expect(page).not.toMatch(/<script|\u202e/)
  expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

test('the steps are the exchange, and a finding reddens the lines it points at', () => {
  const { steps } = of('rp/id-token/wrong-audience')
  expect(steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'failed', 'failed'])
  expect(steps[1]?.parameters).toContainEqual({ name: 'client_id', value: 'dpi-etoile' })
})

test('attachments are there: picture, journal as text and as JSON', () => {
  const { attachments } = of('rp/id-token/wrong-audience')
  expect(attachments.map(({ type }) => type)).toEqual(['image/png', 'text/plain', 'application/json'])
  for (const { source } of attachments) expect(readdirSync(results)).toContain(source)
})

test('categories match by message, environment.properties is ASCII', () => {
  const rules = JSON.parse(readFileSync(join(results, 'categories.json'), 'utf8')) as { matchedStatuses: string[]; messageRegex: string }[]
  for (const result of all().filter(({ status }) => status !== 'passed')) {
    const hits = rules.filter(
      (rule) =>
        rule.matchedStatuses.includes(result.status as string) && new RegExp(`^${rule.messageRegex}$`).test(result.statusDetails.message ?? ''),
    )
    expect(hits).toHaveLength(1)
  }
  expect(readFileSync(join(results, 'environment.properties'), 'utf8')).toMatch(/^[ -~\n]*$/)
})

test('a record cannot make a report read outside its folder', () => {
  const sly = exampleUnit({
    id: 'rp/a/b',
    verdict: 'pass',
    title: '',
    reason: '',
    evidence: { journal: '../../etc/passwd', entries: 1, screenshots: [{ path: '/etc/hostname', moment: 'x', title: 'x' }] },
  })
  const other = mkdtempSync(join(folder, 'sly-'))
  writeAllureResults(other, exampleRecord([sly]), exampleRegisters())
  expect(readdirSync(join(other, 'allure-results')).filter((name) => name.includes('-attachment'))).toEqual([])
})
