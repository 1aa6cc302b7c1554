import { expect, test } from 'vitest'
import { parseScene } from '../../scene/parse.ts'
import { idOf, readableIdOf, sceneOfId, splitOwn } from '../../scene/id.ts'
import { sameRuns, withKernel, withRun } from './text.ts'

const text = `lockstep 1 append-hole
; what the report says
on btrfs 6.1 ; the release of the report

A: open -da foo
A: pwrite 0 64k -- buf absent   ; nobody has touched it
never hole [0,64k)
end
`

test('a patch that is switched on the page is switched in the text, and nothing else of it changes', () => {
  const switched = withKernel(text, { kernel: '6.1', toggles: ['939b656bc8ab'] }, ['8184620ae212'])
  expect(switched).toBe(text.replace('on btrfs 6.1 ; the release of the report', 'on btrfs 6.1 +939b656bc8ab  ; the release of the report'))
  // What the release has of itself is taken out by a minus.
  expect(withKernel(text, { kernel: '6.11', toggles: ['939b656bc8ab'] }, ['939b656bc8ab'])).toContain('\non btrfs 6.11 -939b656bc8ab  ;')
  expect(withKernel(switched, { kernel: '6.1', toggles: [] }, [])).toContain('\non btrfs 6.1  ; the release of the report\n')
})

test('the schedule that is shown becomes the last line, or takes the place of the one that is there', () => {
  const ran = withRun(text, 'A25ab2A6')
  expect(ran).toBe(text.replace('\nend\n', '\nrun A25 ab2 A6\nend\n'))
  expect(withRun(ran, 'A1')).toBe(text.replace('\nend\n', '\nrun A1\nend\n'))
  expect(parseScene(ran).problems).toEqual([])
})

test('who claims something else has the same runs; who does something else has not', () => {
  expect(sameRuns(text, text.replace('never hole [0,64k)', 'always size 64k\noutcomes').replace('append-hole', 'mine'))).toBe(true)
  expect(sameRuns(text, text.replace('btrfs 6.1', 'btrfs 6.1 +939b656bc8ab'))).toBe(true)
  expect(sameRuns(text, text.replace('0 64k --', '0 32k --'))).toBe(false)
  expect(sameRuns(text, text.replace('never', 'may power\nnever'))).toBe(false)
})

test('a name says all of a scene but its comments, packed and to be read, and what follows it in a link is told apart', () => {
  const { scene } = parseScene(text)
  const plain = idOf(scene)
  expect(idOf(sceneOfId(plain))).toBe(plain)
  for (const id of [plain, readableIdOf(scene)]) {
    const { scene: read, rest } = splitOwn([...id.split('/').slice(1), 'r1', 'k6.1~939b656', '12'])
    expect(idOf(read)).toBe(plain)
    expect(rest).toEqual(['r1', 'k6.1~939b656', '12'])
  }
  expect(() => splitOwn(['w2', 'p1abc'])).toThrow(/version 2 of the language; this copy of the page knows 1/)
  expect(() => splitOwn(['w1', 'p9abc'])).toThrow(/dictionary/)
  expect(() => splitOwn(['w1', 'on_btrfs_6.1', 'A_fsync'])).toThrow(/cut off/)
})
