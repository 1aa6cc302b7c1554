import { useId, useLayoutEffect, useMemo, useRef, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react'
import { hueStyle } from '../../../lenses/hue.ts'
import type { Completion, Offer } from '../../../scene/complete.ts'
import type { Problem } from '../../../scene/lines.ts'
import { partsOf } from './highlight.ts'
import { replaced, spot, type Spot } from './text-area.ts'

interface FieldProps {
  readonly text: string
  /** Where to put the caret, from 1; a new object moves it again. */
  readonly goTo: { readonly line: number } | null
  readonly problems: readonly Problem[]
  /** What can stand where the caret is. */
  readonly complete: (before: string) => Completion
  readonly onType: (text: string) => void
  /** The line that the caret is in, from 1, and whether it was typed in since it came there; null = the caret is elsewhere. */
  readonly onLine: (line: number | null, typed: boolean) => void
  /** @returns whether it was taken; what is not goes where the caret is. */
  readonly onPaste: (pasted: string, all: boolean) => boolean
  readonly onFormat: () => void
  readonly onHelp: () => void
}

/** What is offered, and which of it Enter takes; -1 = none, so that Enter begins a line. */
interface Shown extends Completion {
  readonly at: number
  readonly spot: Spot
}

/** A text area over the same text in colours. The browser's own: undo, spell, touch and screen readers work as everywhere. */
export function Field({ text, goTo, problems, complete, onType, onLine, onPaste, onFormat, onHelp }: FieldProps) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const scroll = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const typedLine = useRef<number | null>(null)
  const lines = useMemo(() => text.split('\n'), [text])
  const wrong = useMemo(() => new Map(problems.map((one) => [one.line, one])), [problems])

  useLayoutEffect(() => {
    const element = area.current
    if (!goTo || !element) return
    const from =
      element.value
        .split('\n')
        .slice(0, goTo.line - 1)
        .join('\n').length + (goTo.line > 1 ? 1 : 0)
    element.focus()
    element.setSelectionRange(from, from)
    scroll.current?.scrollTo({ left: 0 })
  }, [goTo])

  /** The caret has moved, or the text has changed. */
  function look(typed: boolean): void {
    const element = area.current
    if (!element) return
    const here = spot(element)
    if (typed) typedLine.current = here.line
    if (typedLine.current !== here.line) typedLine.current = null
    onLine(here.line, typedLine.current !== null)
    // What was offered at another place is no offer here.
    if (!typed) setShown((now) => (now && now.spot.line === here.line && now.spot.column === here.column ? now : null))
  }

  function offer(asked: boolean): void {
    const element = area.current
    if (!element || element.selectionStart !== element.selectionEnd) return setShown(null)
    const here = spot(element)
    const found = complete(here.before)
    const inWord = /\S/.test(element.value.charAt(element.selectionEnd))
    if (found.offers.length === 0 || inWord || (!asked && found.begun === '')) return setShown(null)
    setShown({ ...found, at: asked || !found.whole ? 0 : -1, spot: here })
  }

  function take({ word }: Offer): void {
    const element = area.current
    if (!element || !shown) return
    setShown(null)
    replaced(
      element,
      element.selectionEnd - shown.begun.length,
      element.selectionEnd,
      word.endsWith(':') || !/^(end)$/.test(word) ? `${word} ` : word,
    )
    element.focus()
    offer(false)
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (shown && offersKey(event)) return event.preventDefault()
    if (event.key === ' ' && event.ctrlKey) offer(true)
    else if (event.key === 'F1') onHelp()
    else if ((event.key === 'F' || event.key === 'f') && event.altKey && event.shiftKey) onFormat()
    else return
    event.preventDefault()
  }

  /** Keys of the list that is open. @returns whether it was one. */
  function offersKey(event: KeyboardEvent): boolean {
    if (!shown) return false
    const { offers, at } = shown
    switch (event.key) {
      case 'ArrowDown':
        setShown({ ...shown, at: (at + 1) % offers.length })
        return true
      case 'ArrowUp':
        setShown({ ...shown, at: (at <= 0 ? offers.length : at) - 1 })
        return true
      case 'Escape':
        setShown(null)
        return true
      case 'Enter':
      case 'Tab': {
        const chosen = offers[at]
        if (!chosen || event.shiftKey) return false
        take(chosen)
        return true
      }
      default:
        return false
    }
  }

  function paste(event: ClipboardEvent<HTMLTextAreaElement>): void {
    const element = event.currentTarget
    const all = element.selectionStart === 0 && element.selectionEnd === element.value.length
    if (onPaste(event.clipboardData.getData('text/plain'), all || element.value.trim() === '')) event.preventDefault()
  }

  return (
    <div className="editor-frame">
      <div ref={scroll} className="editor-scroll">
        <div className="editor-field" style={hueStyle(null)}>
          <ol className="editor-numbers" aria-hidden="true">
            {lines.map((_, i) => (
              // Lines have no other name than their number.
              <li key={i} className={wrong.has(i + 1) ? 'is-wrong' : undefined}>
                {wrong.has(i + 1) ? `! ${i + 1}` : i + 1}
              </li>
            ))}
          </ol>
          <div className="editor-layers">
            <pre aria-hidden="true">
              {lines.map((line, i) => (
                <Line key={i} line={line} wrong={wrong.get(i + 1) ?? null} />
              ))}
            </pre>
            <textarea
              ref={area}
              value={text}
              rows={lines.length}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              autoCorrect="off"
              wrap="off"
              aria-label="The scene"
              aria-autocomplete="list"
              aria-describedby={`${id}-keys`}
              aria-controls={shown ? `${id}-words` : undefined}
              aria-activedescendant={shown && shown.at >= 0 ? `${id}-${shown.at}` : undefined}
              onChange={(event) => {
                onType(event.target.value)
                look(true)
                offer(false)
              }}
              onSelect={() => look(false)}
              onKeyDown={press}
              onPaste={paste}
              onFocus={() => look(false)}
              onBlur={() => {
                typedLine.current = null
                onLine(null, false)
                setShown(null)
              }}
            />
          </div>
        </div>
      </div>
      {shown && <Words id={id} shown={shown} area={area} onTake={take} />}
      <p id={`${id}-keys`} className="editor-keys">
        <kbd>Ctrl+Space</kbd> words, <kbd>Alt+Shift+F</kbd> format, <kbd>F1</kbd> how to ask, <kbd>Tab</kbd> leaves
      </p>
    </div>
  )
}

function Line({ line, wrong }: { line: string; wrong: Problem | null }) {
  return (
    <span className={wrong ? 'editor-line is-wrong' : 'editor-line'}>
      {partsOf(line).map(({ text, kind, task }, i) => (
        <span
          key={i}
          className={wrong?.word !== null && wrong?.word === text ? `part-${kind} is-word` : `part-${kind}`}
          style={task ? hueStyle(task) : undefined}
        >
          {text}
        </span>
      ))}
      {'\n'}
    </span>
  )
}

interface WordsProps {
  readonly id: string
  readonly shown: Shown
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly onTake: (offer: Offer) => void
}

/** Under the word that is begun, as far as the frame has room for it. */
function Words({ id, shown, area, onTake }: WordsProps) {
  const { offers, at, spot: here, begun } = shown
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => {
    const element = list.current
    const text = area.current?.getBoundingClientRect()
    const frame = element?.parentElement?.getBoundingClientRect()
    if (!element || !text || !frame) return
    const left = text.left - frame.left + (here.column - begun.length) * here.letter
    element.style.left = `${Math.max(0, Math.min(left, frame.width - element.offsetWidth))}px`
    element.style.top = `${text.top - frame.top + here.top + here.line * here.height}px`
    // Not scrollIntoView(): that would move the page too.
    const chosen = element.children[at]
    if (!(chosen instanceof HTMLElement)) return
    element.scrollTop = Math.min(
      chosen.offsetTop,
      Math.max(element.scrollTop, chosen.offsetTop + chosen.offsetHeight - element.clientHeight),
    )
  })
  return (
    <ul ref={list} id={`${id}-words`} role="listbox" aria-label="Words" className="editor-words">
      {offers.map((one, i) => (
        <li
          key={one.word}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === at}
          // The focus stays in the text.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(one)}
        >
          <code>{one.word}</code> {one.says !== '' && <span>{one.says}</span>}
        </li>
      ))}
    </ul>
  )
}
