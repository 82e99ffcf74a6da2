import { ActionIcon, Box, Button, Code, Tooltip, type MantineStyleProps } from '@mantine/core'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './copy.module.css'
import { IconCheck, IconCopy } from './icons'

function useCopy(value: string) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return { copied, copy: () => void copy() }
}

/** Copies a value; says so for two seconds. `label` names what is copied. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(value)
  const Icon = copied ? IconCheck : IconCopy
  return (
    <Button
      variant="default"
      leftSection={<Icon size={18} />}
      onClick={copy}
      aria-label={copied ? t('copied') : label}
    >
      <span aria-live="polite">{copied ? t('copied') : t('action.copy')}</span>
    </Button>
  )
}

/** Copies a value that stands beside it; `label` names what is copied. */
export function CopyIcon({ value, label, ...style }: CopyIconProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(value)
  const Icon = copied ? IconCheck : IconCopy
  return (
    // Fixed: for a moment, a label that has become longer would make the page wider than a phone.
    <Tooltip label={copied ? t('copied') : label} floatingStrategy="fixed">
      <ActionIcon
        variant="subtle"
        onClick={copy}
        aria-label={copied ? t('copied') : label}
        {...style}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

type CopyIconProps = MantineStyleProps & { value: string; label: string }

/** A command for a terminal, with a copy button. */
export function Command({ value, label }: { value: string; label: string }) {
  return (
    <Box pos="relative">
      <Code block pr={48} fz="sm" className={classes.command}>
        {value.split(' ').map((word, index) => (
          <Fragment key={index}>
            {index > 0 && ' '}
            <span className={classes.word}>{word}</span>
          </Fragment>
        ))}
      </Code>
      <CopyIcon value={value} label={label} pos="absolute" top={6} right={6} />
    </Box>
  )
}

// The clipboard API exists only on https and localhost; a venue's plain http needs the old way.
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
