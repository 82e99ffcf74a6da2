import { localStorageColorSchemeManager } from '@mantine/core'

/** Keeps the colour scheme under the key that public/boot.js reads before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'interpos-color-scheme' })
