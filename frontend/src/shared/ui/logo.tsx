import { Group, Text } from '@mantine/core'

/** The mark: a receipt as the letter i, with an amber dot. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable={false}>
      <rect width="32" height="32" rx="9" fill="#14645a" />
      <circle cx="16" cy="8" r="3.5" fill="#f2b04c" />
      <path d="M11 14h10v12l-2.5-2-2.5 2-2.5-2-2.5 2z" fill="#fff" />
    </svg>
  )
}

const name = 'Interpos'

/** The mark with the product's name. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <LogoMark size={size} />
      <Text component="span" fw={650} fz={size * 0.62} lh={1} lts="-0.01em">
        {name}
      </Text>
    </Group>
  )
}
