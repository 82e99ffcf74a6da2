import { Text, Title } from '@mantine/core'
import { useRef, type ReactNode } from 'react'
import { useHeadingFocus } from '@/shared/ui/heading-focus'
import { useDocumentTitle } from '@/shared/ui/page-header'

/** The heading of a page before the sign-in. */
export function FormTitle({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(title)
  useHeadingFocus(heading)
  return (
    <header style={{ marginBottom: 24 }}>
      <Title order={1} ref={heading} tabIndex={-1} fz="1.625rem">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" mt={8} component="div">
          {children}
        </Text>
      )}
    </header>
  )
}
