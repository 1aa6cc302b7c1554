/** Draws any picture. The lens of each kind is a file of its own, so that a page loads those that it draws. */
import { createElement, Suspense, type ComponentType, type ReactNode } from 'react'
import type { Picture } from '../picture/picture.ts'
import { part } from './late.ts'
import { before, type PictureProps } from './props.ts'

type Kind = Picture['kind']
type Of<K extends Kind> = Extract<Picture, { kind: K }>
/** What a lens gets: the picture before counts only if it is the same picture. */
type Lens<K extends Kind> = (
  props: Omit<PictureProps, 'picture' | 'previous'> & { readonly picture: Of<K>; readonly previous: Of<K> | null },
) => ReactNode

const loads: { readonly [K in Kind]: () => Promise<Lens<K>> } = {
  'extent-strip': async () => (await import('./extent-strip-lens.tsx')).ExtentStripLens,
  'tree-leaf': async () => (await import('./tree-leaf-lens.tsx')).TreeLeafLens,
  'user-buffer': async () => (await import('./user-buffer-lens.tsx')).UserBufferLens,
  record: async () => (await import('./record-lens.tsx')).RecordLens,
  locks: async () => (await import('./locks-lens.tsx')).LocksLens,
  gauge: async () => (await import('./gauge-lens.tsx')).GaugeLens,
  console: async () => (await import('./console-lens.tsx')).ConsoleLens,
  note: async () => (await import('./note-lens.tsx')).NoteLens,
}

type AnyLens = ComponentType<PictureProps>

const arrived = new Map<Kind, AnyLens>()

async function load(kind: Kind): Promise<{ default: AnyLens }> {
  const lens = arrived.get(kind) ?? ((await loads[kind]()) as AnyLens)
  arrived.set(kind, lens)
  return { default: lens }
}

/** Stands for a picture that is not there yet, or whose lens cannot be had. */
const Title = ({ picture }: PictureProps) => <p className="lens lens-quiet">{picture.title}</p>

const waited = new Map(Object.keys(loads).map((kind) => [kind as Kind, part(() => load(kind as Kind), Title)]))

/** Loads the lenses of some kinds; their pictures are then drawn at once, without a moment in which their titles stand for them. */
export async function bring(kinds: Iterable<Kind>): Promise<void> {
  await Promise.all([...new Set(kinds)].map(load))
}

const chosen = new Map<Kind, ComponentType<PictureProps>>()

/** Whichever a kind was drawn with first stays: another would draw it from nothing. */
function lensOf(kind: Kind): ComponentType<PictureProps> | undefined {
  const lens = chosen.get(kind) ?? arrived.get(kind) ?? waited.get(kind)
  if (lens) chosen.set(kind, lens as ComponentType<PictureProps>)
  return lens as ComponentType<PictureProps> | undefined
}

export function PictureLens(props: PictureProps) {
  const { picture, previous } = props
  const drawn = lensOf(picture.kind)
  return (
    <Suspense fallback={<Title {...props} />}>{drawn && createElement(drawn, { ...props, previous: before(picture, previous) })}</Suspense>
  )
}
