import { SegmentedControl } from '@mantine/core'
import { useNavigate, type LinkProps } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  Bar,
  BarChart as Chart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { DataTable } from '../table/data-table'
import { Card } from '../ui/card'
import classes from './bar-chart.module.css'
import { ticks } from './ticks'

/** One bar: a short name for the axis, a full one for the hint and the table. */
export type Point = {
  key: string
  axis: string
  name: string
  value: number
  /** The page behind the figure. */
  link?: LinkProps
}

type Props = {
  title: string
  /** What the chart says in words; read in place of the picture. */
  description: string
  category: string
  measure: string
  points: Point[]
  writeValue: (value: number) => string
  writeAxis: (value: number) => string
}

/** Bars by day, hour and the like, with the same numbers as a table. Import it lazily: recharts is large. */
export function BarChart(props: Props) {
  const { t } = useTranslation()
  const [view, setView] = useState<'chart' | 'table'>('chart')
  return (
    <Card
      title={props.title}
      description={props.description}
      actions={
        <SegmentedControl
          aria-label={t('chart.view')}
          value={view}
          onChange={(value) => setView(value as 'chart' | 'table')}
          data={[
            { value: 'chart', label: t('chart.chart') },
            { value: 'table', label: t('chart.table') },
          ]}
        />
      }
    >
      {view === 'chart' ? <Bars {...props} /> : <Numbers {...props} />}
    </Card>
  )
}

function Bars({ points, description, writeValue, writeAxis }: Props) {
  const navigate = useNavigate()
  const values = points.map(({ value }) => value)
  const marks = ticks(Math.max(...values), values.every(Number.isInteger) ? 1 : 0)
  return (
    <div role="img" aria-label={description} className={classes.chart}>
      <ResponsiveContainer width="100%" height={280}>
        <Chart
          data={points}
          margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--interpos-card-border)" />
          <XAxis dataKey="axis" tickLine={false} axisLine={false} minTickGap={16} tickMargin={8} />
          <YAxis
            tickFormatter={writeAxis}
            ticks={marks}
            domain={[(least: number) => Math.min(0, least), marks.at(-1)!]}
            tickLine={false}
            axisLine={false}
            width={76}
          />
          <Tooltip
            cursor={{ fill: 'var(--interpos-card-border)', opacity: 0.5 }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const point = payload?.[0]?.payload as Point | undefined
              return active && point ? <Hint point={point} value={writeValue(point.value)} /> : null
            }}
          />
          <Bar
            dataKey="value"
            fill="var(--interpos-series)"
            radius={[4, 4, 0, 0]}
            maxBarSize={36}
            isAnimationActive={false}
            cursor={points[0]?.link && 'pointer'}
            onClick={({ payload }) => {
              const { link } = payload as Point
              if (link) void navigate(link)
            }}
          />
        </Chart>
      </ResponsiveContainer>
    </div>
  )
}

function Hint({ point, value }: { point: Point; value: string }) {
  return (
    <div className={classes.hint}>
      <div className={classes.hintName}>{point.name}</div>
      <strong className="numeric">{value}</strong>
    </div>
  )
}

function Numbers({ points, title, category, measure, writeValue }: Props) {
  return (
    <DataTable
      caption={title}
      rows={points}
      rowKey={(point) => point.key}
      link={(point) => point.link}
      minWidth={280}
      columns={[
        { key: 'name', header: category, phone: 'title', cell: (point) => point.name },
        {
          key: 'value',
          header: measure,
          phone: 'value',
          numeric: true,
          cell: (point) => writeValue(point.value),
        },
      ]}
    />
  )
}
