import { expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import { entriesOf } from './filter.ts'
import { groupsOf, type Branch } from './groups.ts'
import { facets } from './facets.ts'
import named from './named.generated.json' with { type: 'json' }

const entries = entriesOf(facets, named)
const flat = (branches: readonly Branch[]): string[] => branches.flatMap(({ entry, follow }) => [entry.card.id, ...flat(follow)])
const tree = (branches: readonly Branch[]): unknown[] =>
  branches.map(({ entry, follow }) => (follow.length > 0 ? [entry.card.id, tree(follow)] : entry.card.id))

it.each(['harm', 'fs'] as const)('by %s every scenario stands in one group, once', (by) => {
  const shown = groupsOf(entries, by).flatMap(({ branches }) => flat(branches))
  expect([...shown].sort()).toEqual(catalog.map(({ id }) => id).sort())
})

it('a file system has the whole story of each bug: what goes on from it stands under it', () => {
  const groups = groupsOf(entries, 'fs')
  expect(groups.map(({ heading }) => heading)).toEqual(['btrfs', 'bcachefs', 'ext4'])
  expect(tree(groups[0]?.branches ?? [])).toEqual([
    ['append-hole', ['append-unlock', 'append-same-fd', 'append-relapse', 'lost-prefix', 'lost-fsync']],
    'dio-csum',
    ['fsync-overlap', ['fsync-torn']],
    ['dio-short-read', ['nowait-relapse', 'dio-mmap-deadlock']],
  ])
})

it('by what goes wrong, a bug stands under what it goes on from where both go wrong alike', () => {
  const groups = groupsOf(entries, 'harm')
  expect(tree(groups.find(({ id }) => id === 'hole')?.branches ?? [])).toEqual([['append-hole', ['append-relapse']]])
  expect(tree(groups.find(({ id }) => id === 'lock')?.branches ?? [])).toEqual(['append-unlock', 'append-same-fd'])
})

it('a group without scenarios is not there, and what was filtered away takes nobody with it', () => {
  const some = entries.filter(({ card }) => card.id === 'append-relapse')
  expect(groupsOf(some, 'harm').map(({ id, branches }) => [id, tree(branches)])).toEqual([['hole', ['append-relapse']]])
})
