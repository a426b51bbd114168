import { expect, test } from 'vitest'
import { imageFacts } from './image.ts'
import { examplePicture } from './picture.test-data.ts'

test('a PNG says its size', () => {
  expect(imageFacts(examplePicture('refused'))).toEqual({ type: 'png', mime: 'image/png', width: 640, height: 400 })
})

test('a JPEG says its size, behind the segments that come first', () => {
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb0004ffffffc0000b0803200500011100ffd9', 'hex')
  expect(imageFacts(jpeg)).toEqual({ type: 'jpg', mime: 'image/jpeg', width: 1280, height: 800 })
})

test('anything else is no picture', () => {
  expect(
    [Buffer.from('<svg onload=alert(1)>'), Buffer.alloc(0), Buffer.from('ffd8', 'hex'), Buffer.from('ffd8ffe0000000000000', 'hex')].map(imageFacts),
  ).toEqual([undefined, undefined, undefined, undefined])
})
