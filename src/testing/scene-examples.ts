/** Scenes as text, for tests of the language and of its links. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errnos } from '../scene/words.ts'

/** The examples of the language's specification. */
export const examples: readonly string[] = [
  'lockstep 1 append-hole\non btrfs 6.1\nA: open -da foo\nA: pwrite 0 64k -- buf absent\nnever hole [0,64k)\nalways size 64k\nend',
  'lockstep 1 fsync-overlap\non btrfs 5.12\nsetup: pwrite -S D 0 640k\nsetup: sync_range -w -a 0 640k\nsetup: pwrite -S E 640k 132k\nsetup: sync\nsetup: truncate 768k  ; full fsync next\nA: fsync\nB: mmap -w 640k 128k\nB: mwrite 764k 4k\nmay writeback [764k,768k)\nnever log overlap\nnever abort\nend',
  'lockstep 1 dio-short-read\non btrfs 5.16\nsetup: pwrite -S X 0 4k\nsetup: fsync\nsetup: pwrite -S Y 4k 4k\nsetup: fsync\nA: open -d foo\nA: pread 0 8k -- via uring,\n   buf first 4k\nalways A returns 8k\nend',
  'lockstep 1 two-fsyncs\non btrfs 6.1\nsetup: falloc 0 8k\nsetup: sync\nA: pwrite 0 4k\nA: fsync\nB: pwrite 4k 4k\nB: fsync\nmay power\nalways after power data [0,4k) A when A done\nalways after power data [4k,8k) B when B done\nend',
  'lockstep 1 truncate-dio-read\non btrfs 6.1\nsetup: pwrite -S X 0 64k\nsetup: sync\nA: open -d foo\nA: pread 0 64k\nB: truncate 16k\nB: truncate 64k\nsometimes A returns 16k\nnever A reads stale\noutcomes\nend',
  'lockstep 1 replace-by-truncate\non ext4 6.1\nsetup: pwrite -S O 0 8k\nsetup: sync\nA: truncate 0\nA: pwrite -S N 0 8k\nmay writeback\nmay power\nsometimes after power size 0\noutcomes after power\nend',
]

/** Each word of the language at least once, in scenes that need not run: what a link may have to say. */
export const spread: readonly string[] = [
  'lockstep 1 words\non xfs 6.0-rc1 +968f19c5b1b7 -bounce\nmkfs holes\nmount nodatasum nodatacow commit\nA: open -acdst foo\nA: close\nA: pwrite -S x -b 4k 1m 64k -- dsync, buf shared\nA: pread -b 512 0 9 -- nowait, via uring\nB: mmap -rwx 0 1m\nB: mread 0 4k\nB: mwrite -S 0xff 4k 4k\nB: msync -ais\nB: msync 0 4k\nB: munmap\nrun A5 ab2 B until btrfs_sync_file.lock_inode 2\nend',
  'lockstep 1\non ext4 6.1.64\nsetup: remount\nsetup: falloc -k 0 8m\nsetup: fpunch 0 68k\nsetup: fzero -k 1 2\nA: truncate 3\nA: fdatasync\nA: sync_range -abw 0 4k\nB: sync\nB: syncfs\nC: pread 0 4k -- via aio, buf mapped 4k\nD: memset C 0 4k\nE: fsync -- same fd as A\nmay power\nmay writeback [0,4k)\nmay reclaim\nmay migrate\nmay commit\nmay ioerror\noutcomes\noutcomes after power\nend',
  'lockstep 1 facts\non btrfs 6.1\nA: pwrite 0 4k -- buf first 2k\nB: pwrite 0 4k -- buf absent\nnever hole [0,4k)\nalways unwritten [4k,8k)\nsometimes zeros [1,3)\nnever data [0,4k)\nnever after power data [0,4k) Q when A done\nalways size 64k\nnever log overlap\nnever abort\nnever deadlock\nnever csum error\nalways A returns 4k\nnever A returns EIO\nsometimes B reads stale\nsometimes B reads zeros\nalways B reads [0,4k) 0x00\nnever A step pin_pages before B step fsync.wait\nend',
  ...errnos.map((errno) => `lockstep 1 errors\non btrfs 6.1\nA: fsync\nnever A returns ${errno}\nend`),
]

const src = join(import.meta.dirname, '..')
const read = (file: string): string[] => (existsSync(file) ? [readFileSync(file, 'utf8')] : [])

/** Every text that is handed out: of the catalogue, and of the menu of examples. */
export const handedOut: readonly string[] = [
  ...readdirSync(join(src, 'scenarios')).flatMap((id) => read(join(src, 'scenarios', id, 'scene.lockstep'))),
  ...readdirSync(join(src, 'scene', 'examples')).flatMap((name) => read(join(src, 'scene', 'examples', name))),
]
