import { Badge, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { RemarkBadge } from '@/features/record/remark-badge'
import { useListColumns } from '@/features/record/use-list-columns'
import { useRecordWords } from '@/features/record/use-record-words'
import type { DirectoryItem } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import type { Column } from '@/shared/table/data-table'
import type { References } from '@/shared/table/reference'

/** The columns of a directory's list: those of its model; where these are few, when a record was changed. */
export function useDirectoryColumns(kind: string, references?: References) {
  const words = useRecordWords()
  const format = useFormat()
  const columns = useListColumns<DirectoryItem>(kind, references).map((column, index) =>
    index === 0 ? { ...column, cell: named(column) } : column,
  )
  if (columns.length < 5) {
    columns.push({
      key: 'modified_at',
      header: words.field('modified_at'),
      sortable: true,
      phone: 'hidden',
      nowrap: true,
      cell: (item) => format.dateTimeShort(item.modified_at),
    })
  }
  return columns
}

const named =
  ({ cell }: Column<DirectoryItem>) =>
  (item: DirectoryItem) => <Name item={item}>{cell(item)}</Name>

function Name({ item, children }: { item: DirectoryItem; children: ReactNode }) {
  const { t } = useTranslation('directory')
  if (!item.archived && !item.remarks) return children
  return (
    <Group gap={8} component="span">
      {children}
      {item.archived && (
        <Badge component="span" variant="default" tt="none">
          {item.kind === 'employee' ? t('badge.dismissed') : t('badge.archived')}
        </Badge>
      )}
      <RemarkBadge remarks={item.remarks} />
    </Group>
  )
}
