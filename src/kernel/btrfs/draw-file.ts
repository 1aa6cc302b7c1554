/** Pictures of open files, of the structs they point to, and of what a task carries along. */
import type { RecordPicture } from '../../picture/picture.ts'
import { field } from '../lib/draw.ts'
import { drawFile } from '../vfs/draw.ts'
import { isGone, type BtrfsWorld } from './world.ts'

/** What `private_data` points to, in words. */
const target = (name: string | null): string =>
  name === null ? 'NULL' : name.length === 1 ? `a struct on ${name}'s stack` : `a struct that is ${name}`

/** Each open file, each struct that one points to or did, and journal_info of the tasks that have a kiocb. */
export function drawFiles(s: BtrfsWorld): RecordPicture[] {
  const files = Object.entries(s.files).map(([name, file]) => drawFile(s, name, [field('private_data', target(file.private_data))]))
  const privates = Object.entries(s.privates).map(([name, own]): RecordPicture => ({
    kind: 'record',
    id: `private:${name}`,
    title: name.length === 1 ? `btrfs_file_private on ${name}'s stack` : 'btrfs_file_private',
    owner: name.length === 1 ? name : null,
    fields: [
      field('fsync_skip_inode_lock', String(own.fsync_skip_inode_lock)),
      ...(isGone(s, name) ? [field('its function', 'has returned')] : []),
      ...(own.usedAfter.length > 0 ? [field('used after that by', own.usedAfter.join(', '))] : []),
    ],
    gone: null,
  }))
  const tasks = Object.keys(s.kiocbs).map((letter): RecordPicture => ({
    kind: 'record',
    id: `current:${letter}`,
    title: `struct task_struct of ${letter}`,
    owner: letter,
    fields: [field('journal_info', s.current[letter] ? 'BTRFS_TRANS_DIO_WRITE_STUB' : 'NULL')],
    gone: null,
  }))
  return [...files, ...privates, ...tasks]
}
