import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patches, patchesFor, patchOf } from './patches.ts'
import { compareVersions, releases } from './releases.ts'
import { fileSystems } from './systems.ts'

/** All that a patch needs, and what that needs. */
const needsOf = (id: string): Set<string> => {
  const all = new Set<string>()
  const add = (one: string): void => {
    for (const need of patchOf(one).needs) {
      if (all.has(need)) continue
      all.add(need)
      add(need)
    }
  }
  add(id)
  return all
}

describe('every patch', () => {
  it('has an id and a name of its own; a merged one has 12 hex digits, another one a name', () => {
    expect(new Set(patches.map(({ id }) => id)).size).toBe(patches.length)
    expect(new Set(patches.map(({ name }) => name)).size).toBe(patches.length)
    expect(patches.filter(({ id, since }) => !(since === null ? /^[a-z][a-z-]+$/ : /^[0-9a-f]{12}$/).test(id))).toEqual([])
  })

  it('has an id that no other one begins like: 7 digits are enough in a link', () => {
    const short = patches.map(({ id }) => id.slice(0, 7))
    expect(new Set(short).size).toBe(short.length)
  })

  it('has a name that stands in a link, and a subject for a changelog', () => {
    expect(patches.filter(({ name, subject }) => !/^[a-z0-9_-]+$/.test(name) || subject === '')).toEqual([])
  })

  it('needs and excludes patches that are there, never itself, never what it needs', () => {
    for (const { id, excludes } of patches) {
      expect(needsOf(id).has(id)).toBe(false)
      expect(excludes.map(patchOf).filter((other) => needsOf(id).has(other.id) || other.id === id)).toEqual([])
    }
  })

  it('that excludes another one is excluded by it', () => {
    expect(patches.flatMap(({ id, excludes }) => excludes.filter((other) => !patchOf(other).excludes.includes(id)))).toEqual([])
  })

  it('came to stable releases in the order of their numbers, one a branch', () => {
    const branch = (version: string): string => version.split('.').slice(0, 2).join('.')
    for (const { stable, since } of patches) {
      expect([...stable].sort(compareVersions)).toEqual(stable)
      expect(new Set(stable.map(branch)).size).toBe(stable.length)
      expect(stable.filter((version) => since !== null && compareVersions(branch(version), since) >= 0)).toEqual([])
    }
  })
})

describe('every release', () => {
  it('that has a patch has what it needs, and none that it excludes', () => {
    const wrong = releases.flatMap(({ version, patches: ids }) =>
      ids.flatMap((id) => [
        ...[...needsOf(id)].filter((need) => !ids.includes(need)).map((need) => `${version}: ${id} without ${need}`),
        ...patchOf(id)
          .excludes.filter((foe) => ids.includes(foe))
          .map((foe) => `${version}: ${id} with ${foe}`),
      ]),
    )
    expect(wrong).toEqual([])
  })
})

describe('model code', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const textOf = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8')

  it('that judges, sums up or draws looks at no patch and no release: it cannot know a bug or a fix', () => {
    const blind = files.filter((path) => /(^|\/)(oracles[^/]*|outcome|describe|history|draw[^/]*|dmesg)\.ts$/.test(path))
    expect(blind.length).toBeGreaterThan(12)
    expect(blind.filter((path) => /\bhas\(|kernel\.(patches|release)|patches\.ts|releases\.ts/.test(textOf(path)))).toEqual([])
    expect(blind.filter((path) => /'[0-9a-f]{12}'/.test(textOf(path)))).toEqual([])
  })

  it('branches on no setting and names no scenario: what a scenario wants it stages', () => {
    const scenarios = readdirSync(join(import.meta.dirname, '../scenarios'), { withFileTypes: true })
    const names = scenarios.filter((entry) => entry.isDirectory() && !entry.name.startsWith('_')).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(10)
    expect(files.filter((path) => names.some((name) => textOf(path).includes(name)))).toEqual([])
    expect(files.filter((path) => /\bsettings?[.[]/.test(textOf(path).replaceAll('staging.setting,', '')))).toEqual([])
  })

  it('looks up no patch that is not in the table', () => {
    const known = new Set(patches.map(({ id }) => id))
    const asked = files.flatMap((path) => {
      const text = textOf(path)
      return [...text.matchAll(/(?:has\(\w+, |onlyWith(?:out)?: )'([^']+)'/g)].map(([, id = '']) => id)
    })
    const rows = fileSystems
      .flatMap(({ procedures }) => procedures)
      .flatMap((p) => p.rows.flatMap((row) => (row.kind === 'step' ? [...row.onlyWith, ...row.onlyWithout] : [])))
    expect(asked.length).toBeGreaterThan(10)
    expect([...asked, ...rows].filter((id) => !known.has(id))).toEqual([])
  })

  it('offers a patch for files of each file system whose code looks it up', () => {
    for (const { id } of fileSystems) {
      const own = files.filter((path) => path.startsWith(`${id}/`))
      const asked = own.flatMap((path) =>
        [...textOf(path).matchAll(/(?:has\(\w+, |onlyWith(?:out)?: )'([^']+)'/g)].map(([, one = '']) => one),
      )
      const offered = patchesFor(id).map((patch) => patch.id)
      expect(asked.filter((one) => !offered.includes(one))).toEqual([])
    }
    expect(patches.filter(({ fs }) => fs !== null && !fileSystems.some(({ id }) => id === fs))).toEqual([])
  })

  it('names a patch that is not there in words', () => {
    expect(() => patchOf('0123456789ab')).toThrow(/^no patch 0123456789ab; the ones there are: 8318ba79eeeb /)
  })
})
