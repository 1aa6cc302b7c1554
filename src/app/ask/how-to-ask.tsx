import { useEffect } from 'react'
import { pageOf } from '../address.ts'
import { Footer } from '../footer.tsx'
import { useApp } from '../lockstep.tsx'
import { PageTop } from '../page-top.tsx'
import { LanguageCard } from './language-card.tsx'

/** The page that a newcomer reads before the first scene: what can be asked, and how it is written. */
export default function HowToAsk() {
  const { where } = useApp()
  useEffect(() => {
    document.title = 'How to ask - Lockstep'
  }, [])
  return (
    <div className="page page-prose how-page">
      <PageTop />
      <main>
        <h1>How to ask</h1>
        <p className="lead">
          Ten lines say what tasks do to one file and what you claim of it. The model runs them in every order, answers each claim with a
          schedule that you can step through, and the text goes into the mail.{' '}
          <a className="button-main" href={pageOf(where, 'own')}>
            Write a scene
          </a>
        </p>
        <LanguageCard />
      </main>
      <Footer />
    </div>
  )
}
