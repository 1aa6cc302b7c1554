import { useEffect, useState } from 'react'
import { sceneOf } from '../../scenarios/scenes.ts'
import { idOf } from '../../scene/id.ts'
import { parseScene } from '../../scene/parse.ts'
import { pageOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'

/** The way from a scenario of the catalogue to its text, where it can be said as one. */
export default function EditScene({ scenario }: { scenario: string }) {
  const { where } = useApp()
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    let mine = true
    void sceneOf(scenario).then(
      (found) => {
        if (mine) setText(found)
      },
      // Without the network there is no text, and all else is there.
      () => undefined,
    )
    return () => {
      mine = false
    }
  }, [scenario])
  if (text === null) return null
  return (
    <section aria-label="As a text">
      <h2>Ask it otherwise</h2>
      <p>
        All of this in {text.trimEnd().split('\n').length} lines of text, at its default kernel and settings:{' '}
        <a href={pageOf(where, idOf(parseScene(text).scene))}>edit this scene</a>, and every order is tried anew.
      </p>
    </section>
  )
}
