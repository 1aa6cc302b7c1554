/** Which key does what. A pure table and the one listener that uses it. */
import { useLayoutEffect } from 'react'

export type Command =
  | { readonly kind: 'next' | 'previous' | 'nextBeat' | 'previousBeat'; readonly held: boolean }
  | {
      readonly kind:
        'first' | 'last' | 'fix' | 'compare' | 'map' | 'ask' | 'explore' | 'blank' | 'talk' | 'fullScreen' | 'help' | 'escape' | 'play'
    }
  | { readonly kind: 'talkList' | 'notes' | 'address' | 'pictureOut' | 'larger' | 'smaller' }
  | { readonly kind: 'branch'; readonly index: number }
  | { readonly kind: 'plug' | 'recall' | 'beside' | 'panel' | 'why' | 'share' | 'whole' | 'legend' }

export interface Press {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly repeat: boolean
}

/** What has the focus: a field keeps its keys, a button keeps Space and Enter. */
export type Focus = 'page' | 'field' | 'button'

/** The command of a key press; null if it is not ours. */
export function commandOf(press: Press, focus: Focus): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  if (press.key === 'Escape') return { kind: 'escape' }
  // A clicker sends F5 to begin a talk; it must not reload the page.
  if (press.key === 'F5' && !press.shiftKey) return { kind: 'talk' }
  if (focus === 'field') return null
  const held = press.repeat
  switch (press.key) {
    case 'ArrowRight':
      return { kind: 'next', held }
    case 'ArrowLeft':
      return { kind: 'previous', held }
    case ' ':
      return focus === 'button' ? null : { kind: press.shiftKey ? 'previous' : 'next', held }
    case 'PageDown':
      return { kind: 'nextBeat', held }
    case 'PageUp':
      return { kind: 'previousBeat', held }
    case 'Home':
      return { kind: 'first' }
    case 'End':
      return { kind: 'last' }
    default:
      return held ? null : letter(press.key)
  }
}

function letter(key: string): Command | null {
  if (/^[1-9]$/.test(key)) return { kind: 'branch', index: Number(key) - 1 }
  switch (key) {
    case 'x':
      return { kind: 'fix' }
    case 'c':
      return { kind: 'compare' }
    case 'm':
      return { kind: 'map' }
    case 'a':
      return { kind: 'ask' }
    case 'e':
      return { kind: 'explore' }
    case 'p':
      return { kind: 'play' }
    case 's':
      return { kind: 'panel' }
    case 'w':
      return { kind: 'why' }
    case 'u':
      return { kind: 'plug' }
    case 'l':
      return { kind: 'recall' }
    case 'd':
      return { kind: 'beside' }
    case 'v':
      return { kind: 'whole' }
    case 'y':
      return { kind: 'share' }
    case 'k':
      return { kind: 'legend' }
    case '.':
    case 'b':
      return { kind: 'blank' }
    case 't':
      return { kind: 'talkList' }
    case 'n':
      return { kind: 'notes' }
    case 'q':
      return { kind: 'address' }
    case 'i':
      return { kind: 'pictureOut' }
    case '+':
      return { kind: 'larger' }
    case '-':
      return { kind: 'smaller' }
    case 'f':
      return { kind: 'fullScreen' }
    case '?':
      return { kind: 'help' }
    default:
      return null
  }
}

const REPEAT_EVERY_MS = 80

/** Listens on the window while the page is shown. A held key repeats no faster than a reader can follow. */
export function useKeyboard(run: (command: Command) => void): void {
  // Whoever sees the page can press its keys.
  useLayoutEffect(() => {
    let lastRepeat = 0
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const command = commandOf(event, focusOf(event.target))
      if (!command) return
      // Esc closes an open explanation, and nothing more.
      if (command.kind === 'escape' && document.querySelector(':popover-open')) return
      event.preventDefault()
      if (event.repeat) {
        if (event.timeStamp - lastRepeat < REPEAT_EVERY_MS) return
        lastRepeat = event.timeStamp
      }
      run(command)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [run])
}

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element) || target === document.body) return 'page'
  if (target.closest('input, select, textarea, [contenteditable]')) return 'field'
  return target.closest('button, summary, a') ? 'button' : 'page'
}
