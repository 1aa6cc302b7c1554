/** Nothing that was typed is lost: by a reload, a link, a menu, another window, or storage that does not work. */
import { expect, test } from 'vitest'
import { createDrafts, namesOf, type Drafts, type Store } from './drafts.ts'

function storage(): Store {
  const kept = new Map<string, string>()
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

/** A window; another one of the same browser has the same `local`, and after a reload the same `session`. */
const windowOf = (local: Store, session: Store = storage()): Drafts =>
  createDrafts(
    () => local,
    () => session,
    'the first example',
  )
const texts = (drafts: Drafts): string[] => drafts.now().drafts.map(({ text }) => text)

test('whoever comes for the first time finds an example; typing makes it a draft, which a reload finds', () => {
  const [local, session] = [storage(), storage()]
  const before = windowOf(local, session)
  expect(before.firstText()).toBe('the first example')
  before.keepText('the first')
  before.keepText('the first one')
  expect(texts(before)).toEqual(['the first one'])
  expect(windowOf(local, session).firstText()).toBe('the first one')
  expect(windowOf(local).firstText()).toBe('the first one')
})

test('a text that takes the place of another leaves it in the list; one that was only looked at makes room', () => {
  const drafts = windowOf(storage())
  drafts.keepText('mine')
  drafts.openText('out of a link')
  drafts.openText('another example')
  expect(texts(drafts)).toEqual(['another example', 'mine'])
  drafts.keepText('another example, changed')
  drafts.openText('mine')
  expect(texts(drafts)).toEqual(['mine', 'another example, changed'])
})

test('two windows with the same draft end with two', () => {
  const local = storage()
  const one = windowOf(local)
  one.keepText('begun')
  const other = windowOf(local)
  expect(other.firstText()).toBe('begun')
  other.keepText('begun here')
  one.keepText('begun there')
  one.keepText('begun there, too')
  other.keepText('begun here, too')
  expect(texts(other).sort()).toEqual(['begun here, too', 'begun there, too'])
})

test('a draft that was removed can be brought back', () => {
  const drafts = windowOf(storage())
  drafts.keepText('mine')
  drafts.remove(drafts.now().drafts[0]?.id ?? '')
  expect(texts(drafts)).toEqual([])
  expect(drafts.bringBack()).toBe('mine')
  expect(texts(drafts)).toEqual(['mine'])
})

test('where storage throws or is full, or holds something else, the page has its drafts all the same, and says so', () => {
  const broken: Store = {
    getItem: () => '[{"id":1}',
    setItem: () => {
      throw new Error('full')
    },
  }
  const drafts = windowOf(broken)
  expect(drafts.firstText()).toBe('the first example')
  drafts.keepText('mine')
  drafts.keepText('mine, too')
  drafts.openText('other')
  expect([texts(drafts), drafts.isStored()]).toEqual([['other', 'mine, too'], false])
})

test('drafts are told apart by the name in their first line, and by a number where two have the same', () => {
  expect(namesOf(['lockstep 1 mine\nend', '> lockstep 1\nend', 'lockstep 1 mine', ''])).toEqual([
    'mine',
    'without a name',
    'mine (2)',
    'without a name (2)',
  ])
})
