import { Box, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconCheck } from '@/shared/ui/icons'
import classes from './steps.module.css'

type Props = {
  /** Index of the step to do now; those before it are done. */
  active: number
  steps: { title: string; content: ReactNode }[]
}

/** Steps to do in order: those done are ticked, the one to do now is open, the rest wait. */
export function Steps({ active, steps }: Props) {
  const { t } = useTranslation('home')
  return (
    <ol className={classes.steps}>
      {steps.map(({ title, content }, index) => {
        const state = index < active ? 'done' : index === active ? 'active' : 'waiting'
        return (
          <li
            key={title}
            className={classes.step}
            data-state={state}
            aria-current={state === 'active' ? 'step' : undefined}
          >
            <span className={classes.marker} aria-hidden>
              {state === 'done' ? <IconCheck size={18} /> : index + 1}
            </span>
            <Box miw={0} flex={1}>
              <Text fw={600} className={classes.title}>
                {title}
                {state === 'done' && <span className={classes.done}>{t('step_done')}</span>}
              </Text>
              {state === 'active' && <Box mt="xs">{content}</Box>}
            </Box>
          </li>
        )
      })}
    </ol>
  )
}
