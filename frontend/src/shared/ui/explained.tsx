import { Popover, UnstyledButton, type MantineStyleProps } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import classes from './explained.module.css'

type Props = MantineStyleProps & {
  children: ReactNode
  /** What the figure means: its formula, what it is compared with. */
  explanation: ReactNode
  /** Names the button for screen readers; the figure itself should be part of it. */
  label: string
}

/** A figure that says how it is made: on hover, on a tap, on the keyboard. */
export function Explained({ children, explanation, label, ...style }: Props) {
  const [hovered, setHovered] = useState(false)
  const [pinned, setPinned] = useState(false)
  return (
    <Popover
      opened={hovered || pinned}
      onDismiss={() => setPinned(false)}
      width={290}
      shadow="md"
      position="bottom-start"
      withinPortal
    >
      <Popover.Target>
        <UnstyledButton
          {...style}
          className={classes.target}
          aria-label={label}
          onMouseEnter={() => setHovered(true)}
          onMouseLeave={() => setHovered(false)}
          onClick={() => setPinned(!pinned)}
        >
          {children}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown fz="sm">{explanation}</Popover.Dropdown>
    </Popover>
  )
}
