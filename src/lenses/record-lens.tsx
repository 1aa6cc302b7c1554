import type { Field, RecordPicture } from '../picture/picture.ts'
import { Figure } from './figure.tsx'
import { ChangeIcon, DamageIcon, TaskBadge } from './marks.tsx'
import { drawnOnce } from './memo.ts'
import './tables.css'

interface Props {
  readonly picture: RecordPicture
  readonly previous?: RecordPicture | null
  /** The task whose step this is: whoever wrote what changed. */
  readonly writer?: string | null
}

/** Named fields of one kernel struct; a field that this step wrote shows its old value and who wrote it. */
export function RecordLens({ picture, previous = null, writer = null }: Props) {
  const old = new Map((previous?.fields ?? []).map((field) => [field.name, field]))
  const revived = previous !== null && previous.gone !== null && picture.gone === null
  return (
    <Figure title={picture.title} kind="record" owner={picture.owner}>
      {picture.gone !== null && (
        <p className="record-gone">
          <ChangeIcon shown={previous !== null && previous.gone === null} /> {picture.gone}
        </p>
      )}
      <table className={picture.gone === null ? 'record' : 'record is-gone'}>
        <caption className="lens-hidden">{picture.gone === null ? picture.title : `${picture.title}, ${picture.gone}`}</caption>
        <tbody>
          {picture.fields.map((field) => (
            <FieldRow
              key={field.name}
              field={field}
              before={revived ? null : (old.get(field.name) ?? null)}
              compared={previous !== null}
              writer={writer}
            />
          ))}
        </tbody>
      </table>
    </Figure>
  )
}

interface FieldProps {
  readonly field: Field
  readonly before: Field | null
  readonly compared: boolean
  readonly writer: string | null
}

const FieldRow = drawnOnce(function FieldRow({ field, before, compared, writer }: FieldProps) {
  const changed = compared && before?.value !== field.value
  return (
    <tr className={[changed ? 'is-changed' : '', field.damaged ? 'is-damaged' : ''].filter(Boolean).join(' ') || undefined}>
      <th scope="row">
        <ChangeIcon shown={changed} /> {field.name}
      </th>
      <td>
        <span className="record-value">
          {changed && before !== null && (
            <>
              <del>{before.value}</del>
              <Arrow />
            </>
          )}
          {changed ? <ins>{field.value}</ins> : field.value}
          {field.damaged && <DamageIcon />}
        </span>
      </td>
      <td className="record-writer">{changed && writer !== null && <WrittenBy writer={writer} />}</td>
    </tr>
  )
})

const WrittenBy = ({ writer }: { writer: string }) => (
  <>
    <span className="lens-hidden">written by </span>
    <TaskBadge task={writer} />
  </>
)

const Arrow = () => (
  <svg className="record-arrow" viewBox="0 0 14 8" role="img" aria-label="becomes">
    <path d="M0 4 H12 M9 1 L12.5 4 L9 7" />
  </svg>
)
