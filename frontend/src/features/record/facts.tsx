import type { ReactNode } from 'react'
import type { RecordData } from '@/shared/api/types'
import type { References } from '@/shared/table/reference'
import classes from './facts.module.css'
import { FieldValue } from './field-value'
import { isGiven, type Field } from './schema'
import { useRecordWords } from './use-record-words'

/** Facts with their names. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <div className={classes.box}>
      <dl className={classes.facts}>{children}</dl>
    </div>
  )
}

/** One fact. */
export function Fact({
  label,
  children,
  wide,
}: {
  label: string
  children: ReactNode
  wide?: boolean
}) {
  return (
    <div className={wide ? classes.wide : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type Props = { kind: string; fields: readonly Field[]; data: RecordData; references?: References }

/** Those of a record's fields that are given, in words; lists have a table of their own. */
export function FieldFacts({ kind, fields, data, references }: Props) {
  const words = useRecordWords()
  return fields
    .filter((field) => field.type !== 'list' && isGiven(data[field.name]))
    .map((field) => (
      <Fact
        key={field.name}
        label={words.field(field.name, kind)}
        wide={field.type === 'long_text' || field.type === 'url' || field.type === 'texts'}
      >
        <FieldValue field={field} data={data} kind={kind} references={references} />
      </Fact>
    ))
}
