import { useEffect, type RefObject } from 'react'

let wanted = false

/** Moves focus to the page's heading, or to the next one that appears when the page is still on its way. */
export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('main h1')
  wanted = heading === null
  heading?.focus({ preventScroll: true })
}

/** Lets a heading take the focus that was asked for before it was there. */
export function useHeadingFocus(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!wanted) return
    wanted = false
    heading.current?.focus({ preventScroll: true })
  }, [heading])
}
