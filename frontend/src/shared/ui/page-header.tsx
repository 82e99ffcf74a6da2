import { Box, Group, Text, Title } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { useHeadingFocus } from './heading-focus'

type Props = {
  /** The page's heading and the document's title. */
  title: string
  /** One line that says what the page is for. */
  description?: ReactNode
  /** A link to the page above, over the heading. */
  back?: ReactNode
  /** Buttons at the right; below the heading on a phone. */
  actions?: ReactNode
}

/** The head of every page: sets the document's title and holds the h1 that takes focus after navigation. */
export function PageHeader({ title, description, back, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(title)
  useHeadingFocus(heading)
  return (
    <Box component="header" mb={{ base: 'md', sm: 'lg' }}>
      {back && (
        <Box mb="xs" fz="sm">
          {back}
        </Box>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box maw={720} miw={0}>
          <Title order={1} ref={heading} tabIndex={-1} fz={{ base: '1.5rem', sm: '1.75rem' }}>
            {title}
          </Title>
          {description && (
            <Text c="dimmed" mt={6} component="div">
              {description}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
    </Box>
  )
}

/** Sets the document's title to the page's, with the product's name behind it. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Interpos`
  }, [title])
}
