import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { focusHeading } from '@/shared/ui/heading-focus'

/** After a navigation to another page focus goes to its heading, as a page load would do. */
export function useFocusAfterNavigation(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return
        // Autofocused fields of the new page keep the focus.
        if (document.activeElement?.matches('input, textarea, [role=dialog] *')) return
        focusHeading()
      }),
    [router],
  )
}
