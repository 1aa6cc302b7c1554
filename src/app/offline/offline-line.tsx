import { useKept, type Kept } from './keep.ts'

const says: Readonly<Record<Kept, string | null>> = {
  no: null,
  storing: 'Storing the whole site for use without a network.',
  ready: 'Ready offline: the whole site is stored in this browser and opens without a network.',
  failed: 'The site could not be stored whole; it needs a network.',
}

/** Whether the site can be opened without a network. */
export default function OfflineLine() {
  const line = useKept(({ kept }) => says[kept])
  return line && <p className="offline">{line}</p>
}
