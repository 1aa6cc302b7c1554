/** The operations of an fsx log as commands, each with a byte of its own, so that the file says which one wrote what. */
import type { FsxOperation } from '../../paste/fsx.ts'
import { printSize } from '../size.ts'
import { mapped, onBytes, said, unsaid, type Said } from './said.ts'

/** fsx writes the number of the operation into the bytes; a zero is no mark. */
const stampOf = (n: number): string => ` -S ${n % 256 === 0 ? '0xff' : `0x${(n % 256).toString(16).padStart(2, '0')}`}`

export function loggedCall({ n, op, from, to, dest, skipped, marks }: FsxOperation): Said {
  if (skipped) return said()
  if (op.startsWith('TRUNCATE')) return dest === null ? unsaid('its sizes are missing') : said(`truncate ${printSize(dest)}`)
  if (op === 'FSYNC') return said('fsync')
  if (op === 'MSYNC') return said()
  if (op === 'CLOSE/OPEN') return said('close', 'open')
  if (from === null || to === null) return unsaid('its bytes are missing')
  if (from === to) return said()
  switch (op) {
    case 'READ':
      return said(onBytes('pread', from, to - from))
    case 'WRITE':
      return said(onBytes(`pwrite${stampOf(n)}`, from, to - from))
    case 'MAPREAD': {
      const [map = ''] = mapped(from, to)
      return said(map.replace('-w', '-r'), onBytes('mread', from, to - from), 'munmap')
    }
    case 'MAPWRITE':
      return said(...mapped(from, to, stampOf(n)), 'msync', 'munmap')
    case 'PUNCH':
      return said(onBytes('fpunch', from, to - from))
    case 'ZERO':
      return said(onBytes('fzero', from, to - from))
    case 'FALLOC':
      return said(onBytes(`falloc${marks.includes('PAST_EOF') ? ' -k' : ''}`, from, to - from))
    default:
      return unsaid(`\`${op}\` is not in the language`)
  }
}
