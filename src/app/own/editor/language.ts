/** What can be written in a scene: asked of the model once, then offered by the editor and shown beside it. */
import { useEffect, useState } from 'react'
import type { Knowledge } from '../../../scene/complete.ts'
import type { LanguageView, TraceView } from '../../../worker/protocol.ts'
import { useOwnActions } from '../use-own.tsx'

/** Null until the model has answered. */
export function useLanguage(): LanguageView | null {
  const { language } = useOwnActions()
  const [found, setFound] = useState<LanguageView | null>(null)
  useEffect(() => {
    let mine = true
    void language().then((answer) => {
      if (mine) setFound(answer)
    })
    return () => {
      mine = false
    }
  }, [language])
  return found
}

/** What the language itself does not know. Labels are those of the run on the page: no others can be told before a scene runs. */
export function knowledgeOf(language: LanguageView | null, fs: string, trace: TraceView | null): Knowledge {
  const here = language?.fileSystems.find((one) => one.fs === fs)
  return {
    fileSystems: language?.fileSystems.map((one) => one.fs) ?? [],
    releases: here?.releases.toReversed() ?? [],
    patches:
      here?.patches.flatMap(({ word, says }) => [
        { word: `+${word}`, says },
        { word: `-${word}`, says },
      ]) ?? [],
    options: here?.options ?? [],
    labels: (task) => [...new Set(trace?.steps.flatMap((step) => (step.task === task ? [step.label] : [])) ?? [])],
  }
}
