import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { K } from '../base/range.ts'
import { historyOf } from '../picture/history.ts'
import { withMarks } from '../picture/mark.ts'
import type { Picture } from '../picture/picture.ts'
import { HistoryLens } from './history-lens.tsx'
import { LocksLens } from './locks-lens.tsx'
import { bring, PictureLens } from './picture-lens.tsx'
import { RecordLens } from './record-lens.tsx'
import { TreeLeafLens } from './tree-leaf-lens.tsx'
import {
  bufferAfter,
  bufferBefore,
  consoleAfter,
  consoleBefore,
  cursorAtEnd,
  everyFill,
  fsyncStrips,
  gaugeAfter,
  gaugeBefore,
  gaugeSick,
  leavesAfter,
  leavesBefore,
  locksAfter,
  locksBefore,
  logLeaf,
  note,
  recordAfter,
  recordBefore,
  recordGone,
} from './gallery/samples.ts'

const every = [everyFill, leavesAfter, recordAfter, gaugeAfter, bufferAfter, locksAfter, consoleAfter, note]
const markup = renderToStaticMarkup

await bring(every.map(({ kind }) => kind))

describe('every picture', () => {
  it('has its title over it', () => {
    for (const picture of every)
      expect(markup(<PictureLens picture={picture} />)).toContain(`<span>${picture.title.replace('>', '&gt;')}</span>`)
  })

  it('that is a drawing says in words what it shows', () => {
    for (const picture of every)
      for (const [svg] of markup(<PictureLens picture={picture} />).matchAll(/<svg[^>]*>/g))
        expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden="true"/)
  })

  it('marks nothing when nothing is compared', () => {
    for (const picture of every) expect(markup(<PictureLens picture={picture} />)).not.toContain('lens-change"')
  })

  it('is not compared with a picture that is another one', () => {
    expect(markup(<PictureLens picture={recordAfter} previous={recordGone} />)).not.toContain('lens-change"')
  })
})

describe('damage', () => {
  const first = <T extends object>(parts: readonly T[]): T[] => parts.map((part, i) => (i === 0 ? { ...part, damaged: true } : part))
  it.each<[string, Picture]>([
    ['a field', { ...recordAfter, fields: first(recordAfter.fields) }],
    ['a lock', { ...locksAfter, rows: first(locksAfter.rows) }],
    ['a line', { ...consoleAfter, lines: first(consoleAfter.lines) }],
    ['a counter', { ...gaugeAfter, damaged: true }],
  ])('of %s is red, and has one sign that has a name', (_, picture) => {
    const text = markup(<PictureLens picture={picture} />)
    expect(text.match(/is-damaged/g)).toHaveLength(1)
    expect(text.match(/aria-label="damaged"/g)).toHaveLength(1)
  })

  it('of pages and of an offset is red, has a sign and is said in words', () => {
    const pages = markup(<PictureLens picture={{ ...bufferBefore, runs: first(bufferBefore.runs) }} />)
    const offset = markup(<PictureLens picture={{ ...everyFill, markers: first(everyFill.markers) }} />)
    for (const text of [pages, offset]) {
      expect(text).toContain('is-damaged')
      expect(text).toContain('lens-damage-sign')
      expect(text).toMatch(/<svg[^>]*aria-label="[^"]* damaged/)
    }
  })

  it('is nowhere without a mark, not in an error that is told of rightly nor in a count below zero', () => {
    const error = consoleAfter.lines.map((line) => ({ ...line, level: 'error' as const }))
    const [strip, others] = [fsyncStrips[0] ?? note, every.filter((picture) => picture !== everyFill)]
    const pictures = [strip, ...others, { ...consoleAfter, lines: error }, { ...gaugeAfter, value: -1, holders: [] }]
    for (const picture of pictures) expect(markup(<PictureLens picture={picture} />)).not.toMatch(/damage(d|-sign)/)
  })

  it('is no change: a part that an oracle comes to object to has not changed, and one cut in two has not either', () => {
    const record = { ...recordAfter, fields: first(recordAfter.fields) }
    expect(markup(<PictureLens picture={record} previous={recordAfter} />)).not.toContain('lens-change"')
    const unmarked = fsyncStrips[2]
    if (!unmarked) throw new Error('no strip')
    const [strip] = withMarks([unmarked], [{ in: 'log', part: { from: 700 * K, to: 704 * K } }])
    const text = markup(<PictureLens picture={strip ?? unmarked} previous={unmarked} />)
    expect(text).toContain('is-damaged')
    expect(text).not.toContain('lens-change"')
  })
})

describe('a tree leaf', () => {
  it('shows the cursor between the items it stands between', () => {
    const text = markup(<TreeLeafLens picture={leavesAfter} />)
    const places = ['655360', 'min_key', '782336'].map((word) => text.indexOf(word))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('shows a cursor past the last item at the end of the last leaf', () => {
    const text = markup(<TreeLeafLens picture={cursorAtEnd} />)
    expect(text.indexOf('leaf-cursor')).toBeGreaterThan(text.indexOf('(258 INODE_ITEM 0)'))
    expect(text.match(/leaf-cursor/g)).toHaveLength(1)
  })

  it('says who holds its lock', () => {
    expect(markup(<TreeLeafLens picture={leavesBefore} />)).toContain('locked by <span class="lens-badge"')
    expect(markup(<TreeLeafLens picture={leavesAfter} />)).toContain('not locked')
  })

  it('gives damaged items a sign that has a name', () => {
    expect(markup(<TreeLeafLens picture={logLeaf} />).match(/aria-label="damaged"/g)).toHaveLength(2)
  })

  it('marks the item that shrank, the one that is new, and the cursor that moved', () => {
    expect(markup(<TreeLeafLens picture={leavesAfter} previous={leavesBefore} />).match(/changed at this step/g)).toHaveLength(3)
  })
})

describe('a record', () => {
  it('shows the old value, the new one and who wrote it, for what changed and for nothing else', () => {
    const text = markup(<RecordLens picture={recordAfter} previous={recordBefore} writer="A" />)
    expect(text.match(/<del>/g)).toHaveLength(2)
    expect(text).toMatch(/<del>0<\/del>.*<ins>64K<\/ins>/)
    expect(text.match(/written by/g)).toHaveLength(2)
  })

  it('that is freed says who freed it', () => {
    expect(markup(<RecordLens picture={recordGone} />)).toContain('freed by A')
  })
})

describe('a gauge', () => {
  it('shows its value, what it was, and who holds each reference', () => {
    const text = markup(<PictureLens picture={gaugeAfter} previous={gaugeBefore} />)
    for (const words of ['submitter', 'bio [0, 64K)', 'was 1']) expect(text).toContain(words)
  })

  it('keeps a reference that was dropped, struck out, with who dropped it', () => {
    const dropped = [{ id: 's', who: 'A', what: 'the submitter has dropped its own' }]
    const text = markup(
      <PictureLens picture={{ ...gaugeAfter, value: 1, holders: gaugeAfter.holders.slice(1), dropped }} previous={gaugeAfter} />,
    )
    expect(text).toMatch(/>A<.*<del>the submitter has dropped its own<\/del>/)
    expect(text.match(/<del>/g)).toHaveLength(1)
  })

  it('is damaged where an oracle says so, and only there', () => {
    expect(markup(<PictureLens picture={gaugeSick} />)).toContain('aria-label="damaged"')
    expect(markup(<PictureLens picture={{ ...gaugeSick, damaged: false }} />)).not.toContain('damaged')
  })
})

describe('a user buffer', () => {
  it('tells what the memory holds from what this process’s page table has', () => {
    const text = markup(<PictureLens picture={bufferBefore} />)
    for (const words of ['never touched', 'not present', '>present<']) expect(text).toContain(words)
  })

  it('shows where the iov_iter stands and stood', () => {
    expect(markup(<PictureLens picture={bufferAfter} previous={bufferBefore} />)).toContain('iov_iter 16K, was 0')
  })
})

describe('locks', () => {
  it('show mode, holders and waiters', () => {
    const text = markup(<LocksLens picture={locksAfter} previous={locksBefore} waiters={[{ task: 'B', on: 'i_mmap_lock' }]} />)
    expect(text).toMatch(/i_mmap_lock.*exclusive.*>A<.*>B</)
    expect(text).toContain('released')
  })

  it('show who waits for a range lock at the range that stands in its way', () => {
    const range = (id: string, holder: string) => ({
      id,
      name: 'io_tree',
      mode: 'exclusive' as const,
      holders: [holder],
      range: `[${id}, 8K)`,
    })
    const locks = { ...locksAfter, rows: [range('0', 'A'), range('4K', 'C')] }
    const text = markup(<LocksLens picture={locks} waiters={[{ task: 'B', on: 'io_tree [6K, 7K)', heldBy: ['C'] }]} />)
    expect(text).toMatch(/>A<.*>C<.*>B</)
    expect(text.match(/>B</g)).toHaveLength(1)
  })
})

describe('a console', () => {
  it('marks the lines that came at this step', () => {
    expect(markup(<PictureLens picture={consoleAfter} previous={consoleBefore} />).match(/changed at this step/g)).toHaveLength(4)
  })
})

describe('a history', () => {
  it('says since when there is an overlap', () => {
    const text = markup(<HistoryLens band={historyOf(fsyncStrips, 'log')} current={5} />)
    expect(text).toContain('overlap on [764K, 768K) since step 5')
    expect(text).toContain('>4K overlap<')
  })

  it('veils what has not happened yet', () => {
    const band = historyOf(fsyncStrips, 'log')
    expect(markup(<HistoryLens band={band} current={2} />)).toContain('history-future')
    expect(markup(<HistoryLens band={band} current={5} />)).not.toContain('history-future')
  })
})
