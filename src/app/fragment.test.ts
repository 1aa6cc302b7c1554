import { expect, it } from 'vitest'
import { fragmentOf } from './fragment.ts'

it('names home where there is none, or nothing in it but a question', () => {
  for (const none of ['', '#', '#/']) expect(fragmentOf(none)).toEqual({ path: '/', query: '' })
  for (const asks of ['#?fs=ext4', '#/?fs=ext4']) expect(fragmentOf(asks)).toEqual({ path: '/', query: '?fs=ext4' })
})

it('is a path as it was written: a damaged one is no page of ours, and leads to who can say what is wrong', () => {
  expect(fragmentOf('#/trust')).toEqual({ path: '/trust', query: '' })
  expect(fragmentOf('#//').path).toBe('//')
  expect(fragmentOf('#/%E0%A4%A').path).toBe('/%E0%A4%A')
  expect(fragmentOf('#/append-hole/r1/3').path).toBe('/append-hole/r1/3')
})
