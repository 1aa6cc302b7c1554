/** Room for data: chunks, and what happens when there is none. The device of the recordings has 256 MiB. */
import { describe, expect, it } from 'vitest'
import { choose, resolveRelease } from '../../releases.ts'
import { parseCommand } from './command.ts'
import { parseRecord } from './record.ts'
import { freshSession, runCommand } from './run.ts'
import { play, type Played } from './sequence.ts'

const M = 1024 * 1024
/** mkfs makes one chunk of 8 MiB; the device has room for four of 32, one of 27 and one of 12. */
const all = (8 + 4 * 32 + 27 + 12) * M

const run = (commands: readonly string[], more: object = {}): Played =>
  play(parseRecord(JSON.stringify({ id: 'room', kernel: '6.1.192', steps: commands.map((cmd) => ({ cmd })), ...more })))
const returns = (played: Played): string[] => played.steps.map(({ ret, err }) => err ?? String(ret))

describe('space for data', () => {
  it('is made in chunks of 32 MiB, and a preallocation that fits into no one of them lies in three: recorded as F1', () => {
    const [step] = run([`falloc 0 ${90 * M}`]).steps
    expect(step?.ret).toBe(0)
    expect(step?.items).toEqual([
      [0, 'prealloc', 63963136, 33554432, 0, 33554432, 33554432, 7],
      [33554432, 'prealloc', 97517568, 33554432, 0, 33554432, 33554432, 7],
      [67108864, 'prealloc', 131072000, 27262976, 0, 27262976, 27262976, 7],
    ])
  })

  it('that is not there is ENOSPC, and the file goes on as it was', () => {
    const played = run([`falloc 0 ${2 ** 40}`, 'pwrite -S 1 0 8192', `fzero 0 ${2 ** 40}`, 'fsync'])
    expect(returns(played)).toEqual(['ENOSPC', '8192', 'ENOSPC', '0'])
    expect(played.steps.at(-1)).toMatchObject({ size: 8192, data: [[0, 8192, '01']] })
  })

  it('lets a write that finds less of it return what it could take: all that the device has', () => {
    expect(returns(run([`pwrite -S 1 -b 1048576 0 ${2 ** 40}`]))).toEqual([String(all)])
    expect(returns(run([`-d pwrite -S 1 -b 1048576 0 ${2 ** 40}`]))).toEqual([String(all)])
  })

  it('fails a direct write larger than all of it at once, and takes a buffered one in pieces of 2 MiB', () => {
    expect(returns(run([`-d pwrite -S 1 -b ${2 ** 30} 0 ${2 ** 30}`, `pwrite -S 1 -b ${2 ** 30} 0 ${2 ** 30}`]))).toEqual([
      'ENOSPC',
      String(all - (all % (2 * M))),
    ])
  })

  it('raises SIGBUS for a store to a page that would need it', () => {
    const used = [`falloc 0 ${all}`, `truncate ${all + 8192}`, `mmap -rw 0 ${all + 8192}`]
    expect(returns(run([...used, `mwrite -S 1 ${all} 4096`]))).toEqual(['0', '0', '0', 'SIGBUS'])
  })

  it('that overwritten data held is there again, once they are written back and committed', () => {
    expect(returns(run([`pwrite -S 1 -b ${M} 0 ${100 * M}`, 'syncfs', `pwrite -S 2 -b ${M} 0 ${100 * M}`, 'syncfs']))).toEqual([
      String(100 * M),
      '0',
      String(100 * M),
      '0',
    ])
  })

  it('in a chunk of the running transaction makes fsync commit: after a power failure the file is there without a log', () => {
    const played = run([`falloc 0 ${40 * M}`, 'fsync'], { after: {} })
    expect(played.log).toEqual([])
    expect(played.after).toMatchObject({ size: 40 * M })
  })
})

describe('a mapping', () => {
  it('without PROT_WRITE raises SIGSEGV, and one that begins within a page is refused', () => {
    const commands = [
      'pwrite -S 1 0 8192',
      'mmap -r 0 8192',
      'mwrite -S 2 0 4096',
      'mmap -rw 100 4096',
      'mmap -rw 0 8192',
      'mwrite -S 2 0 4096',
    ]
    expect(returns(run(commands))).toEqual(['8192', '0', 'SIGSEGV', 'EINVAL', '0', '0'])
  })
})

describe('work', () => {
  it('for a scattered write is the same whether few or many came before: steps, and none looks at another machine', () => {
    const { kernel } = choose(resolveRelease('6.1').release, [], [])
    const session = freshSession(kernel, { noHoles: true, nodatacow: false, nodatasum: false })
    const steps = Array.from({ length: 200 }, (_, n) => {
      const before = session.runner.steps
      runCommand(session, parseCommand(`-d pwrite -S 1 ${(n + 1) * 8192} 4096`))
      return session.runner.steps - before
    })
    expect(new Set(steps.slice(1)).size).toBe(1)
  })
})

describe('what is beyond the model', () => {
  // Reaching these takes seconds.
  it.runIf(process.env['LONG'] === '1').each([
    ['pwrite -S 1 -b 1 0 100000', /more than 65536 calls of write\(\)/],
    [`-d pwrite -S 1 0 ${64 * M}`, /more than 8192 items/],
  ])('is refused in words: %s', { timeout: 120_000 }, (command, says) => {
    expect(() => run([command])).toThrow(says)
  })

  it.each([
    ['pwrite 9223372036854775807 4096', /the model takes files of up to 1099511627776 bytes/],
    ['falloc 4096 1099511627776', /ends past 1099511627776 bytes/],
  ])('is no command: %s', (command, says) => {
    expect(() => run([command])).toThrow(says)
  })
})

describe('the kernel of a recording', () => {
  const kernelOf = (kernel: string) => {
    const { kernel: release, kernelSays } = parseRecord(JSON.stringify({ id: 'k', kernel, steps: [] }))
    return [release, kernelSays]
  }

  it("is the release that uname names, Debian's behind its ABI number", () => {
    expect(kernelOf('Linux (none) 6.1.0-56-cloud-amd64 #1 SMP Debian 6.1.192-2 (2026-11-16) x86_64')).toEqual(['6.1.192', null])
    expect(kernelOf('6.1.192-rk')).toEqual(['6.1.192-rk', null])
  })

  it('that is a candidate is not its release, and what answers for it is said', () => {
    expect(kernelOf('Linux host 6.0.0-rc1 #1')).toEqual(['6.0-rc1', null])
    const [release, says] = kernelOf('Linux host 6.11.0-rc1 #1')
    expect(release).toBe('6.9')
    expect(says).toMatch(/^6\.11-rc1 is answered by 6\.9/)
  })
})
