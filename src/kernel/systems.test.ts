/** Code lives where the kernel's own tree has it, and every file system can do what it is asked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileSystems } from './systems.ts'

/** Where in the kernel's tree the code of each folder is; the first that fits a file's name counts. */
const places: readonly (readonly [path: RegExp, folder: string])[] = [
  ...fileSystems.flatMap(({ id, trees }) => [`fs/${id}/`, ...trees].map((tree) => [new RegExp(`^${tree}`), id] as const)),
  [/^fs\/iomap\//, 'iomap'],
  [/^mm\//, 'mm'],
  [/^block\//, 'block'],
  // Files of all file systems, headers that only calls include, and what is no kernel code at all.
  [/^(fs\/[\w-]+\.c|io_uring\/.*|include\/linux\/.*|user space|guest kernel and QEMU)$/, 'vfs'],
]

/** Files of the model and the kernel's files that their procedures name. */
const named = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .flatMap((path) => {
    const text = readFileSync(join(import.meta.dirname, path), 'utf8')
    return [...text.matchAll(/\bfile: '([^']+)', at: '/g)].map(([, file = '']) => ({ path, file }))
  })

describe('a procedure', () => {
  it('lives in the folder that its own file: names', () => {
    expect(named.length).toBeGreaterThan(50)
    const wrong = named.flatMap(({ path, file }) => {
      const folder = places.find(([pattern]) => pattern.test(file))?.[1]
      return path.split('/')[0] === folder ? [] : [`${path}: ${file} belongs into ${folder ?? 'no folder: name it in `places`'}`]
    })
    expect(wrong).toEqual([])
  })
})

describe.each(fileSystems.map((system) => [system.id, system] as const))('%s', (_id, { procedures, operations }) => {
  it('has each procedure once', () => {
    const names = procedures.map(({ name }) => name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('has a procedure for every operation that it says it has', () => {
    const names = new Set(procedures.map(({ name }) => name))
    expect(Object.values(operations).filter((name) => !names.has(name))).toEqual([])
  })
})
