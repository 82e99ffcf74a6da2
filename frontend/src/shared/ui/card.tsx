import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = {
  title?: string
  description?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}

/** A titled part of a page. */
export function Card({ title, description, actions, children }: Props) {
  return (
    <Paper
      component="section"
      p={{ base: 'md', sm: 'lg' }}
      withBorder
      bd="1px solid var(--interpos-card-border)"
    >
      <Stack gap="md">
        {title && (
          <Group justify="space-between" align="flex-start" gap="sm">
            <Box>
              <Title order={2} fz="1.0625rem">
                {title}
              </Title>
              {description && (
                <Text c="dimmed" fz="sm" mt={2} component="div">
                  {description}
                </Text>
              )}
            </Box>
            {actions}
          </Group>
        )}
        {children}
      </Stack>
    </Paper>
  )
}
