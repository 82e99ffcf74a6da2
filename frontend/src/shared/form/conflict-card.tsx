import { Radio, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Card } from '../ui/card'
import { changedFields, mergedValues, type Conflict } from './conflict'

type Props<V extends object> = {
  /** The form, as useServerForm gives it. */
  state: {
    conflict: Conflict<V> | undefined
    values: V
    form: { setValues: (values: Partial<V>) => void }
  }
  label: (name: keyof V & string) => string
  /** A value as the form shows it, where that is not the value itself. */
  show?: (name: keyof V & string, value: unknown) => string | undefined
}

/** What somebody else has changed while one edited, field by field: keep what is in the form, or take what is stored. */
export function ConflictCard<V extends object>({ state, label, show }: Props<V>) {
  const { t } = useTranslation()
  const { conflict, values } = state
  if (!conflict) return null
  const mine = mergedValues(conflict)
  const fields = changedFields(conflict) as (keyof V & string)[]
  const choose = (name: keyof V, value: V[keyof V]) =>
    state.form.setValues({ [name]: value } as Partial<V>)
  const shown = (name: keyof V & string, value: unknown) =>
    value === '' || value === null ? t('conflict.empty') : (show?.(name, value) ?? String(value))
  return (
    <Card title={t('conflict.title')} description={t('conflict.text')}>
      <Stack gap="md">
        {fields.map((name) =>
          mine[name] === conflict.theirs[name] ? (
            <Text key={name}>
              {label(name)}
              {': '}
              {t('conflict.taken', {
                before: shown(name, conflict.before[name]),
                now: shown(name, conflict.theirs[name]),
              })}
            </Text>
          ) : (
            <Radio.Group
              key={name}
              label={label(name)}
              value={values[name] === conflict.theirs[name] ? 'theirs' : 'mine'}
              onChange={(side) =>
                choose(name, side === 'mine' ? mine[name] : conflict.theirs[name])
              }
            >
              <Stack gap={6} mt={4}>
                <Radio
                  value="mine"
                  label={t('conflict.keep_mine', { value: shown(name, mine[name]) })}
                />
                <Radio
                  value="theirs"
                  label={t('conflict.take_theirs', { value: shown(name, conflict.theirs[name]) })}
                />
              </Stack>
            </Radio.Group>
          ),
        )}
      </Stack>
    </Card>
  )
}
