import '@fontsource-variable/golos-text'
import '@mantine/core/styles.css'
import './shared/theme/base.css'
import { createRoot } from 'react-dom/client'
import { startI18n } from './shared/i18n/i18n'
import { App } from './app/app'
import { createQueryClient } from './app/query-client'
import { createAppRouter } from './routes/router'

const queryClient = createQueryClient()
const router = createAppRouter(queryClient)
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

void startI18n().then(() => {
  createRoot(root).render(<App router={router} queryClient={queryClient} />)
})
