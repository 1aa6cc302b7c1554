import { useEffect, useRef } from 'react'
import { shareable } from '../address.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import { qrCode } from './qr.ts'

/** The address of this moment, as large as the room needs it, and as a code that a telephone reads. */
export function AddressForRoom({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const { where } = useApp()
  const { segments } = useActions()
  const place = useLockstep((state) => state.place)
  useEffect(() => ref.current?.showModal(), [])
  if (!place) return null
  // Who follows it sits at a desk.
  const address = shareable(where, place.scenario, segments().replace(/\/vt$/, ''))
  const code = where.isFile ? null : qrCode(address)
  return (
    <dialog ref={ref} className="talk-address" aria-label="The address of this moment" onClose={onClose} onClick={onClose}>
      {code ? (
        <Code cells={code} />
      ) : (
        <p>
          {where.isFile
            ? 'This page is a file: nobody else can open its address.'
            : 'The address is too long for a code that a telephone could read.'}
        </p>
      )}
      <p className="talk-address-text">{address}</p>
    </dialog>
  )
}

/** Dark on light in every theme, with the four cells of light around it that readers ask for. */
function Code({ cells }: { cells: readonly (readonly boolean[])[] }) {
  const dark = cells.flatMap((line, row) => line.flatMap((isDark, column) => (isDark ? `M${column} ${row}h1v1h-1z` : [])))
  const size = cells.length + 8
  return (
    <svg
      role="img"
      aria-label="QR code of the address below"
      viewBox={`-4 -4 ${size} ${size}`}
      className="talk-code"
      shapeRendering="crispEdges"
    >
      <rect x={-4} y={-4} width={size} height={size} fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
