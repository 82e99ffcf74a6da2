import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { initialLanguage } from './language'

const files = import.meta.glob<object>(
  ['../../locales/*/*.json', '!../../locales/*/mail.json'], // the server alone writes letters
  { import: 'default' },
)

// One file per language and namespace, fetched when a screen first asks for it.
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../../locales/${language}/${namespace}.json`]
    if (!load) return done(new Error(`no translations: ${language}/${namespace}`), false)
    load().then(
      (texts) => done(null, texts as Record<string, unknown>),
      (error: Error) => done(error, false),
    )
  },
}

/** Starts translation with the remembered or the browser's language; resolves when the common texts are there. */
export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: initialLanguage(),
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
    })
}
