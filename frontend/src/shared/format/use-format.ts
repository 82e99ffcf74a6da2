import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formattingLocale } from '../i18n/language'
import { useCurrentOrganization } from '../session/organization'
import { createFormat, type Format } from './format'

/** Formatters for the interface's language and the organization chosen (without one: the browser's zone). */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const organization = useCurrentOrganization()
  const currency = organization?.currency
  const timeZone = organization?.time_zone
  const locale = formattingLocale(i18n.language)
  return useMemo(
    () => createFormat({ locale, currency, timeZone: timeZone ?? localTimeZone() }),
    [locale, currency, timeZone],
  )
}

/** The browser's IANA time zone. */
export function localTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
