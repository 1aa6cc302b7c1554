import { describe, expect, it } from 'vitest'
import { commandOf, type Press } from './keyboard.ts'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  ...more,
})

describe('keys', () => {
  it('of a clicker walk beat by beat, blank the screen and begin a talk without a reload', () => {
    expect(commandOf(press('PageDown'), 'page')).toEqual({ kind: 'nextBeat', held: false })
    expect(commandOf(press('PageUp'), 'page')).toEqual({ kind: 'previousBeat', held: false })
    expect(commandOf(press('.'), 'page')).toEqual({ kind: 'blank' })
    expect(commandOf(press('b'), 'page')).toEqual({ kind: 'blank' })
    expect(commandOf(press('F5'), 'page')).toEqual({ kind: 'talk' })
  })

  it('of a reader walk step by step and to either end, switch the fix, compare, fill the screen and show the keys', () => {
    const pressed = ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'x', 'c', 'f', '?', '1'].map((key) => commandOf(press(key), 'page')?.kind)
    expect(pressed).toEqual(['next', 'previous', 'first', 'last', 'fix', 'compare', 'fullScreen', 'help', 'branch'])
  })

  it('of a speaker show the talk, its second window, the address and a picture, and size the type', () => {
    const kinds = ['t', 'n', 'q', 'i', '+', '-'].map((key) => commandOf(press(key), 'page')?.kind)
    expect(kinds).toEqual(['talkList', 'notes', 'address', 'pictureOut', 'larger', 'smaller'])
  })

  it('in a field stay with the field, but Esc and F5 are ours everywhere', () => {
    for (const key of ['ArrowRight', 'ArrowLeft', ' ', 'Home', 'x', '1', 't', '-', '?']) expect(commandOf(press(key), 'field')).toBeNull()
    expect(commandOf(press('Escape'), 'field')).toEqual({ kind: 'escape' })
    expect(commandOf(press('F5'), 'field')).toEqual({ kind: 'talk' })
  })

  it('of the browser stay with the browser', () => {
    expect(commandOf(press('ArrowLeft', { altKey: true }), 'page')).toBeNull()
    expect(commandOf(press('c', { ctrlKey: true }), 'page')).toBeNull()
    expect(commandOf(press('F5', { ctrlKey: true }), 'page')).toBeNull()
    expect(commandOf(press('F5', { shiftKey: true }), 'page')).toBeNull()
    expect(commandOf(press('Tab'), 'page')).toBeNull()
  })

  it('Space presses a focused button and walks elsewhere', () => {
    expect(commandOf(press(' '), 'button')).toBeNull()
    expect(commandOf(press(' '), 'page')).toEqual({ kind: 'next', held: false })
    expect(commandOf(press(' ', { shiftKey: true }), 'page')).toEqual({ kind: 'previous', held: false })
  })

  it('held down repeat moves but never choices', () => {
    expect(commandOf(press('ArrowRight', { repeat: true }), 'page')).toEqual({ kind: 'next', held: true })
    expect(commandOf(press('x', { repeat: true }), 'page')).toBeNull()
    expect(commandOf(press('3', { repeat: true }), 'page')).toBeNull()
    expect(commandOf(press('3'), 'page')).toEqual({ kind: 'branch', index: 2 })
  })
})
