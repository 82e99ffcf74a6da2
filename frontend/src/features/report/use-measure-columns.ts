import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import type { Column } from '@/shared/table/data-table'
import { writeMeasure, type Measure } from './measures'

/** Columns of measures with formulas, totals and sorting by each. */
export function useMeasureColumns<M extends Measure>(
  measures: readonly M[],
  totals: Record<M, number | null> | undefined,
): Column<Record<M, number | null>>[] {
  const { t } = useTranslation('report')
  const format = useFormat()
  return measures.map((measure) => {
    const write = writeMeasure(measure, format, 'table')
    return {
      key: measure,
      header: t(`measure.${measure as Measure}`),
      explanation: t(`formula.${measure as Measure}`),
      numeric: true,
      sortable: true,
      cell: (row) => write(row[measure]),
      footer: totals && write(totals[measure]),
    }
  })
}
