import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { CardOf, WriteYourOwn } from './card.tsx'
import {
  conditionNames,
  entriesOf,
  everything,
  filterOf,
  groupingOf,
  harms,
  matches,
  queryOf,
  removals,
  valuesOf,
  type Condition,
  type Entry,
  type Filter,
  type Grouping,
} from './filter.ts'
import { groupsOf, type Branch, type Group } from './groups.ts'
import { facets } from './facets.ts'
import { useNamed } from './named.ts'
import './catalogue.css'

const values = valuesOf(entriesOf(facets, null))

/** Every scenario as a card, in groups, with what is looked for in the address. */
export default function Catalogue() {
  const { asked, grouping, ask, regroup } = useAsked()
  const [typing, setTyping] = useState(false)
  const named = useNamed(typing || asked.q !== '')
  const entries = useMemo(() => entriesOf(facets, named), [named])
  // A text is looked for in all of the names or not at all: a number that grows would have been wrong.
  const waits = asked.q !== '' && named === null
  const found = useMemo(() => entries.filter((entry) => matches(entry, waits ? { ...asked, q: '' } : asked)), [entries, asked, waits])
  const groups = useMemo(() => groupsOf(found, grouping), [found, grouping])
  const all = found.length === entries.length
  return (
    <section className="catalogue" aria-labelledby="scenarios">
      <h2 id="scenarios">Scenarios</h2>
      <form role="search" aria-label="Filter the scenarios" className="filter" onSubmit={(event) => event.preventDefault()}>
        <label className="field filter-text">
          <span>text</span>
          <input
            type="search"
            value={asked.q}
            onFocus={() => setTyping(true)}
            onChange={(event) => ask('q', event.target.value)}
            placeholder="function, commit, test"
            spellCheck={false}
            autoComplete="off"
          />
        </label>
        {(['harm', 'fs', 'kernel', 'topic'] as const).map((name) => (
          <Choice key={name} name={name} value={asked[name]} onChoose={ask} />
        ))}
        <label className="field">
          <span>in groups by</span>
          <select value={grouping} onChange={(event) => regroup(event.target.value === 'fs' ? 'fs' : 'harm')}>
            <option value="harm">what goes wrong</option>
            <option value="fs">file system</option>
          </select>
        </label>
        <output className="filter-count">
          {waits ? 'looking' : all ? `${entries.length} scenarios` : `${found.length} of ${entries.length} scenarios`}
        </output>
        {!all && (
          <button type="button" onClick={() => ask(null, '')}>
            Show all
          </button>
        )}
      </form>
      {found.length === 0 && <Nothing entries={entries} asked={asked} onRemove={(condition) => ask(condition, '')} />}
      <div className="card-groups">
        {groups.map((group) => (
          <Cards key={group.id} group={group} grouping={grouping} />
        ))}
        <section aria-labelledby="group-own">
          <ul>
            <li>
              <h3 id="group-own">Yours</h3>
              <WriteYourOwn />
            </li>
          </ul>
        </section>
      </div>
    </section>
  )
}

interface ChoiceProps {
  readonly name: Exclude<Condition, 'q'>
  readonly value: string
  readonly onChoose: (name: Condition, value: string) => void
}

function Choice({ name, value, onChoose }: ChoiceProps) {
  // What an address asks for is shown, whether there is such a thing or not.
  const known = value === '' || values[name].includes(value) ? values[name] : [value, ...values[name]]
  const wordFor = (one: string): string => (name === 'harm' && one in harms ? harms[one as keyof typeof harms][0] : one)
  return (
    <label className="field">
      <span>{name === 'kernel' ? 'hurts kernel' : conditionNames[name]}</span>
      <select value={value} onChange={(event) => onChoose(name, event.target.value)}>
        <option value="">any</option>
        {known.map((one) => (
          <option key={one} value={one}>
            {wordFor(one)}
          </option>
        ))}
      </select>
    </label>
  )
}

interface NothingProps {
  readonly entries: readonly Entry[]
  readonly asked: Filter
  readonly onRemove: (condition: Condition) => void
}

/** Nothing was found: each thing that was asked for, and how many there are without it. */
function Nothing({ entries, asked, onRemove }: NothingProps) {
  return (
    <div className="nothing">
      <p>No scenario has all of this. Take away:</p>
      <ul>
        {removals(entries, asked).map(({ condition, value, leaves }) => (
          <li key={condition}>
            <button type="button" onClick={() => onRemove(condition)}>
              {conditionNames[condition]} “{value}”
            </button>{' '}
            {leaves === 0 ? 'none without it either' : leaves === 1 ? 'one without it' : `${leaves} without it`}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A group has no box of its own: its cards flow on in the columns of the page, and its heading stands over the first. */
function Cards({ group, grouping }: { group: Group; grouping: Grouping }) {
  const id = `group-${group.id.replaceAll(' ', '-')}`
  return (
    <section aria-labelledby={id}>
      <ul>
        {group.branches.map((branch, i) => (
          <Item key={branch.entry.card.id} branch={branch} grouping={grouping} under={false}>
            {i === 0 && (
              <h3 id={id}>
                {group.heading} {group.means !== null && <span className="quiet">{group.means}</span>}
              </h3>
            )}
          </Item>
        ))}
      </ul>
    </section>
  )
}

interface ItemProps {
  readonly branch: Branch
  readonly grouping: Grouping
  readonly under: boolean
  readonly children?: ReactNode
}

function Item({ branch: { entry, follow }, grouping, under, children }: ItemProps) {
  return (
    <>
      <li className={follow.length > 0 || under ? 'is-family' : undefined}>
        {children}
        <CardOf entry={entry} grouping={grouping} under={under} />
      </li>
      {follow.length > 0 && (
        <li className="is-follow">
          <ul aria-label={`What goes on from ${entry.card.id}`}>
            {follow.map((branch) => (
              <Item key={branch.entry.card.id} branch={branch} grouping={grouping} under />
            ))}
          </ul>
        </li>
      )}
    </>
  )
}

const TYPED_MS = 250

/** What is looked for. The address has it: at once for a choice, when typing pauses for text; going back undoes choices. */
function useAsked() {
  const { search: query } = useLocation()
  const navigate = useNavigate()
  const here = useMemo(() => filterOf(query), [query])
  const grouping = groupingOf(query)
  const [text, setText] = useState(here.q)
  const written = useRef(here.q)
  useEffect(() => {
    // The address was changed from elsewhere.
    if (here.q !== written.current) setText((written.current = here.q))
  }, [here.q])
  const asked = useMemo(() => ({ ...here, q: text }), [here, text])
  const write = (filter: Filter, by: Grouping, how: 'push' | 'replace'): void => {
    written.current = filter.q
    void navigate({ pathname: '/', search: queryOf(filter, by) }, { replace: how === 'replace', preventScrollReset: true })
  }
  useEffect(() => {
    if (text === here.q || text === written.current) return
    const timer = setTimeout(() => write(asked, grouping, 'replace'), TYPED_MS)
    return () => clearTimeout(timer)
  })
  return {
    asked,
    grouping,
    /** One thing; null takes everything away. */
    ask(condition: Condition | null, value: string): void {
      if (condition === 'q' && value !== '') return setText(value)
      const next = condition === null ? everything : { ...asked, [condition]: value }
      setText(next.q)
      write(next, grouping, 'push')
    },
    regroup: (by: Grouping): void => write(asked, by, 'push'),
  }
}
