import { useLocation, useRouter, type LinkProps } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { IconArrowLeft } from '../ui/icons'
import { TextLink } from '../ui/links'
import classes from './back-link.module.css'

// Filters, order and page of the lists seen in this visit, by path.
const seen = new Map<string, object>()

/** Remembers the list's filters, so that a BackLink returns to them. */
export function useRememberSearch(): void {
  const { pathname, search } = useLocation()
  useEffect(() => {
    seen.set(pathname, search)
  }, [pathname, search])
}

/** A link to the list above a page, with the filters that were left there. */
export function BackLink({ children, ...link }: LinkProps & { children: ReactNode }) {
  const router = useRouter()
  const { pathname } = router.buildLocation(link as never)
  return (
    <TextLink
      {...link}
      search={(seen.get(pathname) ?? link.search) as never}
      underline="hover"
      className={classes.back}
    >
      <IconArrowLeft size={16} />
      {children}
    </TextLink>
  )
}
