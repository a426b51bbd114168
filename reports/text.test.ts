import { expect, test } from 'vitest'
import { cut, escapeHtml, plain, showValue, typeset } from './text.ts'

test('control codes, escape sequences, overrides and broken surrogates do not pass', () => {
  expect(plain('a\u001b[31mrouge\u001b[0m\u0007b\u202ec\ud800d\ne\tf')).toBe('arougebc\ufffdd\ne\tf')
})

test('markup is data', () => {
  expect(escapeHtml(`<a href="x" on='y'>&`)).toBe('&#60;a href=&#34;x&#34; on=&#39;y&#39;&#62;&#38;')
})

test('cutting counts characters, not halves of them', () => {
  expect(cut('é😀œ!', 3)).toBe('é😀…')
  expect(cut('court', 5)).toBe('court')
})

test('French punctuation does not leave its word', () => {
  expect(typeset("Où : « là » ! L'un")).toBe('Où\u00a0: «\u00a0là\u00a0»\u00a0! L’un')
})

test('an absent value is not an empty one', () => {
  expect([showValue(undefined), showValue(''), showValue(null)]).toEqual(['(absent)', '""', 'null'])
})
