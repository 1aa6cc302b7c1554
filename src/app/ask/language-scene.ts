/** A scene that has most kinds of lines: what is shown beside their meaning. No line is longer than a telephone is wide. */
export const languageScene = `lockstep 1 my-question   ; a name
on btrfs 6.1             ; file system, release
setup: falloc 0 8k       ; alone, before the rest
setup: sync
A: open -d foo           ; A to Z run at once,
A: pwrite 0 4k           ; each in its own order
A: fsync
B: pread 0 8k -- via aio ; behind -- stands how
may power                ; at any step, or never
never B reads stale
always after power data [0,4k) A when A done
sometimes B returns 8k   ; can it be?
outcomes                 ; list every end
end
`
