import i18next from 'i18next'

/** The interface's languages; each has a folder in src/locales. */
export const languages = ['ru', 'en'] as const

/** A language of the interface. */
export type Language = (typeof languages)[number]

const storageKey = 'interpos-language'

/** The remembered language, else Russian for a Russian browser, else English. */
export function initialLanguage(): Language {
  const remembered = readRemembered()
  if (remembered) return remembered
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('ru')) ? 'ru' : 'en'
}

// Without storage the choice lasts for the visit.
function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Closed storage only costs the memory of the choice.
  }
}

/** Takes the language of the person's account on a device where none was chosen. */
export async function adoptLanguage(locale: string): Promise<void> {
  const language = languages.find((known) => known === locale)
  if (language && !readRemembered() && i18next.language !== language)
    await i18next.changeLanguage(language)
}

/** Switches the interface and remembers the choice on this device. */
export async function chooseLanguage(language: Language): Promise<void> {
  rememberLanguage(language)
  await i18next.changeLanguage(language)
}

/** The locale for numbers and dates: the browser's own variant of the language, if it has one. */
export function formattingLocale(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language
}

function readRemembered(): Language | undefined {
  try {
    return languages.find((language) => language === localStorage.getItem(storageKey))
  } catch {
    return undefined
  }
}
