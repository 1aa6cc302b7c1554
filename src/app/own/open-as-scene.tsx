import { useMemo } from 'react'
import { InputError } from '../../base/assert.ts'
import { sceneFromMail } from '../../scene/mail/from-mail.ts'
import { useActions } from '../lockstep.tsx'

/** A paste that says calls can be asked of every interleaving; one that does not has nothing here. */
export default function OpenAsScene({ text }: { text: string }) {
  const { own } = useActions()
  const found = useMemo(() => {
    try {
      return sceneFromMail(text)
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  }, [text])
  if (!found) return null
  return (
    <button type="button" onClick={() => void own().then(({ openScene }) => openScene(found.text))}>
      Open it as a scene
      {found.unread.length > 0 &&
        `, without ${found.unread.length === 1 ? 'the line that says' : `the ${found.unread.length} lines that say`} no call`}
    </button>
  )
}
