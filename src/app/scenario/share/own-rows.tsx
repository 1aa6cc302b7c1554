import { useEffect, useState } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { readableIdOf, sceneOfId } from '../../../scene/id.ts'
import type { OwnActions } from '../../../store/own/own.ts'
import { shareable } from '../../address.ts'
import { useActions, useApp } from '../../lockstep.tsx'
import { Copy } from './copy.tsx'

/** What a scene has besides: its text as the page shows it, and a link that can be read. */
export default function OwnRows({ card }: { card: Card }) {
  const { where } = useApp()
  const { own, segments } = useActions()
  const [actions, setActions] = useState<OwnActions | null>(null)
  useEffect(() => void own().then((loaded) => setActions(() => loaded)), [own])
  const readable = shareable(where, readableIdOf(sceneOfId(card.id)), segments())
  return (
    <>
      <Copy
        name="Scene"
        shown="the text, with the kernel, the patches and the schedule that are shown"
        text={actions?.sceneText() ?? null}
        main
      />
      <Copy name="Link to be read" text={readable} columns={readable.length} />
    </>
  )
}
