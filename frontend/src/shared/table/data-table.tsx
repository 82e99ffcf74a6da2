import { useMediaQuery } from '@mantine/hooks'
import type { DataTableProps } from './column'
import { PhoneList } from './phone-list'
import { WideTable } from './wide-table'

export type { Column, DataTableProps } from './column'

/** Whether tables are shown as lists here. */
export const usePhone = () =>
  useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false

/** The one pattern of tables: a table on wide screens, a list of entries on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return usePhone() ? <PhoneList {...props} /> : <WideTable {...props} />
}
