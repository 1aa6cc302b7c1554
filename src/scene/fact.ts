/** Facts: what is said of the file, the calls and the order of steps. */
import type { Reader } from './reader.ts'
import type { Fact, Letter, What } from './scene.ts'
import { printRange, printSize, parseSize } from './size.ts'
import { errnos, factWords } from './words.ts'
import { meant } from './nearest.ts'

export function readFact(reader: Reader): Fact {
  const afterPower = readAfterPower(reader)
  const what = readWhat(reader)
  let whenDone: Letter | null = null
  if (reader.skip('when')) {
    whenDone = reader.letter('the task that is done')
    reader.expect('done', '`when` and a task')
  }
  reader.end('the fact')
  return { afterPower, what, whenDone }
}

export function readAfterPower(reader: Reader): boolean {
  if (!reader.skip('after')) return false
  reader.expect('power', '`after`')
  return true
}

function readWhat(reader: Reader): What {
  if (/^[A-Z]$/.test(reader.peek())) return ofTask(reader, reader.letter('a task'))
  const word = reader.here
  if (!word) return reader.fail(`a fact is missing at the end: ${factWords.join(', ')}, or a task’s letter`)
  const kind = reader.oneOf(factWords, 'fact')
  switch (kind) {
    case 'hole':
    case 'unwritten':
    case 'zeros':
      return { kind, range: reader.range() }
    case 'data': {
      const range = reader.range()
      return { kind, range, stamp: reader.done || reader.peek() === 'when' ? null : reader.stamp() }
    }
    case 'size':
      return { kind, size: reader.size('size') }
    case 'log':
      reader.expect('overlap', '`log`')
      return { kind: 'log overlap' }
    case 'csum':
      reader.expect('error', '`csum`')
      return { kind: 'csum error' }
    case 'abort':
    case 'deadlock':
      return { kind }
  }
}

function ofTask(reader: Reader, task: Letter): What {
  const kind = reader.oneOf(['returns', 'reads', 'step'], `fact of task ${task}`)
  if (kind === 'returns') {
    const word = reader.here
    const text = reader.take('what it returns')
    const value = parseSize(text) ?? errnos.find((one) => one === text)
    return value === undefined ? reader.fail(`\`${text}\` is no size and no error: ${meant(text, errnos)}`, word) : { kind, task, value }
  }
  if (kind === 'reads') {
    if (reader.skip('stale')) return { kind, task, what: 'stale' }
    if (reader.skip('zeros')) return { kind, task, what: 'zeros' }
    if (!reader.peek().startsWith('[')) return reader.fail(`a task reads \`stale\`, \`zeros\`, or a range and a byte: [0,4k) A`)
    const range = reader.range()
    return { kind: 'reads data', task, range, stamp: reader.stamp() }
  }
  const label = readLabel(reader)
  reader.expect('before', 'a step')
  const than = reader.letter('the other task')
  reader.expect('step', 'the other task')
  return { kind: 'before', task, label, than, other: readLabel(reader) }
}

/** A step's label as the timeline shows it, or `procedure.label`. */
export function readLabel(reader: Reader): string {
  const word = reader.here
  const label = reader.take('a step’s label')
  if (!/^[a-z_][a-z0-9_]{0,38}(\.[a-z0-9_]{1,38})?$/i.test(label))
    reader.fail(`\`${label}\` is no label of a step: pin_pages, or fsync.wait`, word)
  return label
}

export function printWhat(what: What): string {
  switch (what.kind) {
    case 'hole':
    case 'unwritten':
    case 'zeros':
      return `${what.kind} ${printRange(what.range)}`
    case 'data':
      return `data ${printRange(what.range)}${what.stamp === null ? '' : ` ${what.stamp}`}`
    case 'size':
      return `size ${printSize(what.size)}`
    case 'returns':
      return `${what.task} returns ${typeof what.value === 'number' ? printSize(what.value) : what.value}`
    case 'reads':
      return `${what.task} reads ${what.what}`
    case 'reads data':
      return `${what.task} reads ${printRange(what.range)} ${what.stamp}`
    case 'before':
      return `${what.task} step ${what.label} before ${what.than} step ${what.other}`
    default:
      return what.kind
  }
}

/** As it stands behind `never`, `always` or `sometimes`. */
export const printFact = ({ afterPower, what, whenDone }: Fact): string =>
  `${afterPower ? 'after power ' : ''}${printWhat(what)}${whenDone === null ? '' : ` when ${whenDone} done`}`
