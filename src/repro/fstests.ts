/**
 * A scene as a test for fstests: the program (or the script's commands), the test that runs it, and the golden output, as one patch of new
 * files that `git apply` takes in an fstests tree. The number is nobody's: whoever takes the test gives it one.
 */
import { printScene } from '../scene/print.ts'
import { sayings, type Scene } from '../scene/scene.ts'
import { reproducer } from './program.ts'

/** The commit that mends it. */
export interface Fixed {
  readonly commit: string
  readonly subject: string
}

const NUMBER = 999
const GOLDEN = 'Silence is golden'

/** As a patch shows a file that was not there. */
function newFile(path: string, mode: '100644' | '100755', text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n')
  return [
    `diff --git a/${path} b/${path}`,
    `new file mode ${mode}`,
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
  ]
}

/** What mkfs and mount are told; only one file system has these options. */
function options(scene: Scene): { readonly mkfs: string; readonly mount: string } {
  const mkfs = sayings(scene, 'mkfs').flatMap((one) => one.options)
  const mount = sayings(scene, 'mount').flatMap((one) => one.options)
  return {
    mkfs: mkfs.map((one) => ` -O ${one === 'holes' ? '^no-holes' : one}`).join(''),
    mount: mount.length > 0 ? ` -o ${mount.join(',')}` : '',
  }
}

/** A hint for whoever sees the test fail; in a folder of all file systems it is one of this file system alone. */
const fixedBy = ({ commit, subject }: Fixed, only: string | null): string[] => [
  `${only === null ? '' : `[ "$FSTYP" = "${only}" ] && `}_fixed_by_kernel_commit ${commit} \\`,
  `\t"${subject.replaceAll('"', '\\"')}"`,
]

/** The whole patch, ending with a newline. */
export function fstest(scene: Scene, fixed: Fixed | null): string {
  const [on] = sayings(scene, 'on')
  const fs = on?.fs ?? 'generic'
  const { mkfs, mount } = options(scene)
  const power = sayings(scene, 'may').some(({ event }) => event === 'power')
  // Where mkfs or mount are told something, or the power fails, the scratch device is needed.
  const scratch = power || mkfs !== '' || mount !== ''
  const folder = mkfs !== '' || mount !== '' ? fs : 'generic'
  const program = `lockstep-${(scene.name ?? 'scene').toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
  const commands = sayings(scene, 'task').map(({ command }) => command)
  const direct = [...sayings(scene, 'setup').map(({ command }) => command), ...commands].some(
    ({ name, flags }) => name === 'open' && flags.includes('d'),
  )
  const ring = (wanted: string): boolean => commands.some(({ model }) => model.some((one) => one.kind === 'via' && one.ring === wanted))
  const names = new Set([...sayings(scene, 'setup'), ...sayings(scene, 'task')].map(({ command }) => command.name))
  const groups = [
    'auto',
    'quick',
    'rw',
    ...(ring('aio') ? ['aio'] : []),
    ...(ring('uring') ? ['io_uring'] : []),
    ...(names.has('mmap') ? ['mmap'] : []),
    ...(power ? ['log'] : []),
  ]
  const where = scratch ? '$SCRATCH_MNT' : '$TEST_DIR'
  const run = `$here/src/${program}`
  const test = [
    '#! /bin/bash',
    '# SPDX-License-Identifier: GPL-2.0',
    '# Copyright (c) YEAR YOUR NAME.  All Rights Reserved.',
    '#',
    `# FS QA Test ${NUMBER}`,
    '#',
    '# SAY IN A SENTENCE WHAT IS TESTED. As a scene of Lockstep:',
    '#',
    ...printScene(scene)
      .trimEnd()
      .split('\n')
      .map((line) => `#   ${line}`),
    '#',
    '. ./common/preamble',
    `_begin_fstest ${groups.join(' ')}`,
    ...(power ? ['', '_cleanup()', '{', '\t_cleanup_flakey', '\tcd /', '\trm -r -f $tmp.*', '}', '', '. ./common/dmflakey'] : []),
    '',
    ...(fixed ? [...fixedBy(fixed, folder === 'generic' ? fs : null), ''] : []),
    `_require_${scratch ? 'scratch' : 'test'}`,
    ...(direct ? ['_require_odirect'] : []),
    ...(['falloc', 'fpunch', 'fzero'] as const).flatMap((name) => (names.has(name) ? [`_require_xfs_io_command "${name}"`] : [])),
    ...(ring('aio') ? ['_require_aio'] : []),
    ...(ring('uring') ? ['_require_io_uring'] : []),
    ...(power ? ['_require_dm_target flakey'] : []),
    `_require_test_program ${program}`,
    '',
    ...(scratch ? [`_scratch_mkfs${mkfs} >> $seqres.full 2>&1 || _fail "mkfs failed"`] : []),
    ...(power
      ? [
          ...(mount === '' ? [] : [`export MOUNT_OPTIONS="$MOUNT_OPTIONS${mount}"`]),
          '_require_metadata_journaling $SCRATCH_DEV',
          '_init_flakey',
          '_scratch_mount',
          '',
          '# The power fails after the calls, each time at another distance of the tasks.',
          'for ((i = 1; i <= 20; i++)); do',
          `\t${run} -k -s $i ${where} >> $seqres.full || echo "round $i: broken before the power failure"`,
          '\t_flakey_drop_and_remount',
          `\t${run} -l ${where} >> $seqres.full || echo "round $i: broken by the power failure"`,
          'done',
          '_scratch_unmount',
        ]
      : [
          ...(scratch ? [`_scratch_mount${mount}`, ''] : []),
          '# What is broken makes the output differ; the counts are in the full log.',
          `${run} -n 1000 ${where} >> $seqres.full || echo "a fact of the scene is broken"`,
        ]),
    '',
    `echo "${GOLDEN}"`,
    '',
    '# success, all done',
    '_exit 0',
  ].join('\n')
  return `${[
    `In an fstests tree: git apply, then add ${program} to LINUX_TARGETS in src/Makefile and to .gitignore,`,
    `and give ${folder}/${NUMBER} a number (tools/mvtest). The SPDX line of the test is yours to choose, the program is MIT.`,
    '',
    ...newFile(`src/${program}.c`, '100644', `// SPDX-License-Identifier: MIT\n${reproducer(scene)}`),
    ...newFile(`tests/${folder}/${NUMBER}`, '100755', `${test}\n`),
    ...newFile(`tests/${folder}/${NUMBER}.out`, '100644', `QA output created by ${NUMBER}\n${GOLDEN}\n`),
  ].join('\n')}\n`
}
