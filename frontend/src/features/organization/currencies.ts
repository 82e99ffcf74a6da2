import currencies from '@/shared/format/currencies.json'
import type { Choice } from './time-zones'

/** The currencies by their names in the language: `RUB · российский рубль`. One to keep is there, be it withdrawn. */
export function currencyChoices(language: string, keep: string): Choice[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' })
  return [...new Set([...currencies, ...(keep ? [keep] : [])])]
    .map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))
    .sort((a, b) => a.label.localeCompare(b.label, language))
}

// The regions where Interpos is at home, and the large others; elsewhere the field starts empty.
const byRegion: Record<string, string> = {
  RU: 'RUB',
  BY: 'BYN',
  KZ: 'KZT',
  KG: 'KGS',
  UZ: 'UZS',
  AM: 'AMD',
  GE: 'GEL',
  AZ: 'AZN',
  MD: 'MDL',
  TJ: 'TJS',
  UA: 'UAH',
  US: 'USD',
  GB: 'GBP',
  DE: 'EUR',
  FR: 'EUR',
  IT: 'EUR',
  ES: 'EUR',
}

/** The currency of the browser's region, or an empty text. */
export function defaultCurrency(locales: readonly string[]): string {
  for (const locale of locales) {
    const currency = byRegion[new Intl.Locale(locale).maximize().region ?? '']
    if (currency) return currency
  }
  return ''
}
