import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Mantine and the router ask for what jsdom has not.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.scrollTo = () => undefined
Element.prototype.scrollIntoView = () => undefined

// Texts are imported when they are first asked for.
configure({ asyncUtilTimeout: 30_000 })

afterEach(cleanup)
