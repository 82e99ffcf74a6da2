import { Anchor, Badge, ColorSwatch, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/shared/api/types'
import { dash, type Format } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import type { References } from '@/shared/table/reference'
import { RecordLink } from './record-link'
import { isGiven, type Field } from './schema'
import { useRecordWords } from './use-record-words'

type Props = {
  field: Field
  /** The record, or the item of its list, that the field belongs to. */
  data: RecordData
  kind?: string
  references?: References
}

/** A field's value in words, with its unit, or as a link to what it names. */
export function FieldValue({ field, data, kind, references }: Props) {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const format = useFormat()
  const value = data[field.name]
  if (!isGiven(value)) return dash
  const text = String(value)
  switch (field.type) {
    case 'reference':
      return <RecordLink kind={field.kind!} id={text} references={references} />
    case 'boolean':
      return value === true ? t('yes') : t('no')
    case 'word':
      return words.word(field.name, text, kind)
    case 'texts':
      return (
        <Group gap={6} component="span">
          {(value as unknown[]).map((item, index) => (
            <Badge key={index} variant="default" tt="none" fw={500} radius="sm">
              {String(item)}
            </Badge>
          ))}
        </Group>
      )
    case 'color':
      return <Color value={text} />
    case 'email':
      return <Address href={`mailto:${text}`} text={text} />
    case 'phone':
      return <Address href={`tel:${text.replace(/[^\d+]/g, '')}`} text={text} />
    case 'url':
      return isWebAddress(text) ? <Address href={text} text={text} /> : text
    case 'long_text':
      return (
        <Text component="span" fz="inherit" style={{ whiteSpace: 'pre-line' }}>
          {text}
        </Text>
      )
    default:
      return writeFigure(field, data, format) ?? text
  }
}

/** A figure, a day or a moment as people read it; undefined for a field of another type. */
export function writeFigure(field: Field, data: RecordData, format: Format): string | undefined {
  const value = data[field.name]
  switch (typeOf(field, data)) {
    case 'money':
      return format.money(value as number)
    case 'quantity':
      return format.quantity(value as number)
    case 'integer':
      return format.integer(value as number)
    case 'percent':
      return format.percent((value as number) / 100)
    case 'date':
      return format.day(value as string)
    case 'moment':
      return format.dateTime(value as string)
  }
}

// A discount's value is money or a percentage, as its mode says.
const typeOf = (field: Field, data: RecordData) =>
  field.name === 'value' && data.mode === 'percent' ? 'percent' : field.type

const isWebAddress = (text: string) => /^https?:\/\//i.test(text)

function Address({ href, text }: { href: string; text: string }) {
  return (
    <Anchor href={href} underline="hover" fz="inherit">
      {text}
    </Anchor>
  )
}

function Color({ value }: { value: string }) {
  const known = /^#[\da-f]{3,8}$/i.test(value)
  return (
    <Group gap={8} component="span">
      {known && <ColorSwatch component="span" color={value} size={16} />}
      {value}
    </Group>
  )
}
