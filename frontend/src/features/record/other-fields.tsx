import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/shared/api/types'
import { Card } from '@/shared/ui/card'
import classes from './facts.module.css'
import { otherFields } from './schema'

/** What the source sent beyond the fields of the kind, as it was sent. */
export function OtherFields({ kind, data }: { kind: string; data: RecordData }) {
  const { t } = useTranslation('record')
  const fields = otherFields(kind, data)
  if (fields.length === 0) return null
  return (
    <Card title={t('other_fields')} description={t('other_fields_text')}>
      <div className={classes.box}>
        <dl className={`${classes.facts} ${classes.raw}`}>
          {fields.map(([path, value]) => (
            <div key={path} className={typeof value === 'object' ? classes.wide : undefined}>
              <dt>{path}</dt>
              <dd>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  )
}
