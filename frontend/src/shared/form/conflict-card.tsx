import { Radio, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Card } from '../ui/card'
import { changedFields, mergedValues, type Conflict } from './conflict'

type Props<V extends object> = {
  conflict: Conflict<V>
  /** The form's values now. */
  values: V
  label: (name: keyof V & string) => string
  choose: (name: keyof V & string, value: V[keyof V]) => void
}

/** What somebody else has changed while one edited, field by field: keep what is in the form, or take what is stored. */
export function ConflictCard<V extends object>({ conflict, values, label, choose }: Props<V>) {
  const { t } = useTranslation()
  const mine = mergedValues(conflict)
  const fields = changedFields(conflict) as (keyof V & string)[]
  const shown = (value: unknown) => (value === '' ? t('conflict.empty') : String(value))
  return (
    <Card title={t('conflict.title')} description={t('conflict.text')}>
      <Stack gap="md">
        {fields.map((name) =>
          mine[name] === conflict.theirs[name] ? (
            <Text key={name}>
              {label(name)}
              {': '}
              {t('conflict.taken', {
                before: shown(conflict.before[name]),
                now: shown(conflict.theirs[name]),
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
                <Radio value="mine" label={t('conflict.keep_mine', { value: shown(mine[name]) })} />
                <Radio
                  value="theirs"
                  label={t('conflict.take_theirs', { value: shown(conflict.theirs[name]) })}
                />
              </Stack>
            </Radio.Group>
          ),
        )}
      </Stack>
    </Card>
  )
}
