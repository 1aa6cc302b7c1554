import { createRoot } from 'react-dom/client'
import { HashRouter } from 'react-router'
import { catalog } from '../scenarios/catalog.ts'
import { createLockstep } from '../store/store.ts'
import { createClient } from '../worker/client.ts'
import { spawn } from '../worker/spawn.ts'
import { createAddressBar, whereabouts } from './address.ts'
import { Boundary } from './boundary.tsx'
import { LockstepProvider } from './lockstep.tsx'
import { Routes } from './routes.tsx'
import { keepTheme } from './theme.ts'
import '../lenses/theme.css'
import '../lenses/fonts.css'
// Before all other styles of the lenses, which build on it: chunks may come in any order.
import '../lenses/lenses.css'
import './app.css'

const where = whereabouts(document)
const bar = createAddressBar(where, (href) => location.assign(href))
const { store, actions } = createLockstep({ client: createClient(spawn), cards: catalog, address: bar })
keepTheme(store, actions)
addEventListener('pagehide', bar.flush)

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <LockstepProvider app={{ store, actions, cards: catalog, where }}>
      <Boundary>
        <HashRouter>
          <Routes bar={bar} />
        </HashRouter>
      </Boundary>
    </LockstepProvider>,
  )
