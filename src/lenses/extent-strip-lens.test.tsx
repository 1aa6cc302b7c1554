import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { K, M } from '../base/range.ts'
import type { ExtentStrip, Marker, Span } from '../picture/picture.ts'
import { ExtentStripLens } from './extent-strip-lens.tsx'
import { charWidth, levelsOf, stripLayout, type Box } from './strip-layout.ts'

const span = (id: string, from: number, to: number, more: Partial<Span> = {}): Span => ({
  id,
  from: from * K,
  to: to * K,
  fill: 'data',
  label: id,
  task: null,
  note: null,
  ...more,
})
const marker = (name: string, at: number, task: string | null = null): Marker => ({ id: `${task}${name}`, name, at: at * K, task })
const strip = (spans: Span[], markers: Marker[] = []): ExtentStrip => ({
  kind: 'extent-strip',
  id: 'strip:257',
  title: 'inode 257',
  axis: { from: 0, to: M, focus: { from: 640 * K, to: 768 * K } },
  lanes: [
    { id: 'items', title: 'subvolume items', spans: [] },
    { id: 'log', title: 'log items', spans },
  ],
  markers,
})
const draw = (picture: ExtentStrip, previous: ExtentStrip | null = null) =>
  renderToStaticMarkup(<ExtentStripLens picture={picture} previous={previous} />)
const meet = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const overlap = strip([span('E', 640, 768, { damaged: true }), span('Z', 764, 768, { damaged: true })])

describe('an overlap', () => {
  it('is drawn as two spans that share the axis, one above the other', () => {
    const { spans } = stripLayout(overlap, null, 1000)
    const [e, z] = ['log/E', 'log/Z'].map((key) => spans.find((box) => box.key === key))
    if (!e || !z) throw new Error('a span is missing')
    expect(z.x).toBeGreaterThan(e.x)
    expect(z.x + z.width).toBeCloseTo(e.x + e.width)
    expect(e.y + e.height).toBe(z.y)
    expect(e.height).toBe(z.height)
  })

  it('is cross-hatched where the bytes are shared and only there', () => {
    const layout = stripLayout(overlap, null, 1000)
    expect(layout.overlaps).toHaveLength(1)
    expect(layout.overlaps[0]).toMatchObject({ x: layout.scale.at(764 * K), damaged: true })
    expect(draw(overlap)).toContain('strip-overlap is-damaged')
  })

  it('says its size beside a sign, not by colour alone', () => {
    const markup = draw(overlap)
    expect(markup).toContain('>4K overlap<')
    expect(markup).toContain('lens-damage-sign')
  })

  it('is said in words', () => {
    expect(draw(overlap)).toContain('log items: E data [640K, 768K) damaged, Z data [764K, 768K) damaged, overlap on [764K, 768K).')
  })

  it('that no oracle calls damage is not drawn in red', () => {
    const markup = draw(strip([span('E', 640, 768), span('Z', 764, 768)]))
    expect(markup).not.toContain('is-damaged')
    expect(markup).toContain('class="strip-overlap"')
  })

  it('leaves spans that only touch at full height', () => {
    const levels = levelsOf([span('E', 640, 764), span('Z', 764, 768)])
    expect([...levels.values()]).toEqual([
      { level: 0, levels: 1 },
      { level: 0, levels: 1 },
    ])
  })
})

describe('a hole', () => {
  it('shows its size inside the gap', () => {
    expect(draw(strip([span('h', 640, 704, { fill: 'hole', label: null })]))).toContain('>64K hole<')
  })

  it('too narrow for its size shows it below', () => {
    const { spans, callouts } = stripLayout(strip([span('h', 700, 704, { fill: 'hole', label: null })]), null, 700)
    expect(spans[0]?.text).toBeNull()
    expect(callouts.map((callout) => callout.text)).toEqual(['4K hole'])
  })

  it('is not painted', () => {
    expect(draw(strip([span('h', 640, 704, { fill: 'hole', label: null })]))).not.toMatch(/fill="url\(#[^"]*hole/)
  })
})

describe('fills', () => {
  it('of the page cache differ by word as well as by pattern', () => {
    const markup = draw(
      strip([span('A', 640, 680, { fill: 'dirty' }), span('B', 680, 720, { fill: 'writeback' }), span('C', 720, 768, { fill: 'clean' })]),
    )
    for (const words of ['A dirty', 'B writeback', 'C clean']) expect(markup.replaceAll(/<.?tspan[^>]*>/g, '')).toContain(`>${words}<`)
    expect(new Set(markup.match(/fill="url\(#[^)]*\)"/g))).toHaveLength(3)
  })

  it('have their word below where it has no room inside, and the short form only where there is none below either', () => {
    const narrow = [span('X', 756, 760, { fill: 'dirty' }), span('Y', 760, 764, { fill: 'clean' }), span('Z', 764, 768, { fill: 'dirty' })]
    const alone = stripLayout(strip(narrow.slice(2)), null, 2000)
    expect(alone.spans[0]?.text).toBe('Z')
    expect(alone.callouts.map(({ text }) => text)).toEqual(['Z dirty'])
    for (const width of [1000, 2000, 3000]) {
      const { spans, callouts } = stripLayout(strip(narrow), null, width)
      for (const {
        text,
        span: { label, fill },
      } of spans)
        expect([text, ...callouts.map((one) => one.text)]).toContain(text === `${label} ${fill[0]}.` ? text : `${label} ${fill}`)
    }
  })

  it('take the hue of their task in the pattern, and its letter stands in the span and in its words', () => {
    const markup = draw(
      strip([span('Z', 640, 768, { fill: 'dirty', task: 'B' }), span('l', 640, 768, { fill: 'locked', label: null, task: 'A' })]),
    )
    expect(markup).toMatch(/<pattern id="[^"]*-dirty-task-B"/)
    // The stamp is slanted, the letter has its box: they are never taken for each other.
    expect(markup).toContain('><tspan class="strip-stamp">Z</tspan> dirty by B<')
    expect(markup.match(/lens-letter-box/g)).toHaveLength(2)
    expect(markup).toContain('>locked by A<')
    expect(markup).toContain('Z dirty [640K, 768K) by B')
  })
})

describe('markers', () => {
  it('never hide each other’s labels, wherever they stand and however narrow the page is', () => {
    for (const width of [300, 358, 700, 1600])
      for (const offsets of [
        [0, 0, 0],
        [64, 65, 66],
        [1024, 1024, 1023],
        [0, 1024, 512],
      ]) {
        const [a = 0, b = 0, c = 0] = offsets
        const { markers } = stripLayout(strip([], [marker('i_size', a), marker('disk_i_size', b), marker('ki_pos', c, 'A')]), null, width)
        markers.forEach((one, i) => markers.slice(i + 1).forEach((other) => expect(meet(one.label, other.label)).toBe(false)))
        for (const one of markers) {
          expect(one.label.x).toBeGreaterThanOrEqual(0)
          expect(one.label.x + one.text.length * charWidth).toBeLessThanOrEqual(width)
        }
      }
  })

  it('say whose they are, and where they were before this step', () => {
    const markup = draw(strip([], [marker('ki_pos', 64, 'A')]), strip([], [marker('ki_pos', 0, 'A')]))
    expect(markup).toContain('A ki_pos 64K, was 0')
  })
})

describe('a change', () => {
  const before = strip([span('E', 640, 768)])
  const after = strip([span('E', 640, 764), span('Z', 764, 768)])

  it('is marked by a wedge on what is new and on what shrank', () => {
    const { spans } = stripLayout(after, before, 1000)
    expect(spans.map((box) => `${box.key} ${box.change}`)).toEqual(['log/E changed', 'log/Z new'])
    expect(draw(after, before).match(/class="lens-change"/g)).toHaveLength(2)
  })

  it('that took a span away leaves it fading in place, with an open wedge', () => {
    const markup = draw(before, after)
    expect(markup).toContain('strip-span is-data is-gone')
    expect(markup).toContain('lens-change is-gone')
  })

  it('has a wedge that lies over no word of a lane, however low the strip is and however narrow', () => {
    const small = (id: string, from: number): Span => span(id, from, from + 4, { fill: 'dirty', task: 'B' })
    for (const from of [0, 4, 300, 700, 764])
      for (const [width, room] of [
        [1000, 110],
        [1000, 200],
        [600, 100],
        [390, 160],
        [390, null],
      ] as const) {
        const full = {
          ...strip([small('Z', from)]),
          lanes: strip([small('Z', from)]).lanes.map((lane) => ({ ...lane, spans: [small('Z', from)] })),
        }
        const { signs, callouts, lanes, narrow } = stripLayout(
          full,
          { ...full, lanes: full.lanes.map((lane) => ({ ...lane, spans: [] })) },
          width,
          room,
        )
        const words = [
          ...callouts.map((one): Box => ({ x: one.x, y: one.y - 9, width: one.width, height: 11 })),
          ...(narrow
            ? lanes.map(({ titleLines, y }): Box => ({ x: 0, y: y + 3, width: (titleLines[0]?.length ?? 0) * 6.2, height: 11 }))
            : []),
        ]
        expect(signs).toHaveLength(2)
        for (const { x, y } of signs)
          expect(
            words.filter((word) => meet(word, { x: x - 4.5, y: y - 6.5, width: 9, height: 5.5 })),
            `${from} ${width} ${room}`,
          ).toEqual([])
      }
  })

  it('is not marked where nothing is compared, nor where nothing changed', () => {
    expect(draw(after)).not.toContain('lens-change')
    expect(draw(after, after)).not.toContain('lens-change')
  })

  it('never moves anything that did not change: the layout has the same height whatever the lanes hold', () => {
    expect(stripLayout(after, before, 1000).height).toBe(stripLayout(strip([]), null, 1000).height)
  })

  it('keeps the drawn elements in one order, so that none is taken out of the page and its motion with it', () => {
    const keys = (picture: ExtentStrip) => stripLayout(picture, null, 1000).spans.map((box) => box.key)
    expect(keys(strip([span('Z', 640, 644), span('E', 644, 768)]))).toEqual(keys(after))
  })
})

describe('the axis', () => {
  it('says in words that a part of it is drawn wider, and marks both places where the scale changes', () => {
    const markup = draw(overlap)
    expect(markup).toMatch(/\[640K, 768K\) drawn \d+ times wider/)
    expect(markup.match(/strip-break/g)).toHaveLength(2)
  })
})

describe('words below a lane', () => {
  it('never hide one another, and damage is said first', () => {
    const crowd = Array.from({ length: 16 }, (_, i) =>
      span(`long name ${i}`, 640 + i * 4, 644 + i * 4, { fill: 'dirty', ...(i === 15 ? { damaged: true } : {}) }),
    )
    const { callouts } = stripLayout(strip(crowd), null, 390)
    expect(callouts[0]?.damaged).toBe(true)
    callouts.forEach((one, i) =>
      callouts.slice(i + 1).forEach((other) => expect(one.x + one.width <= other.x || other.x + other.width <= one.x).toBe(true)),
    )
  })
})
