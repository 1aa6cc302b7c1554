/** What the models make of what a mail has. */
export { replayDumped, type DumpedTree, type ReplayedRun } from './btrfs/fsync/dumped.ts'
export { playFsx, type FsxRun, type LoggedOperation } from './btrfs/ops/fsx.ts'
