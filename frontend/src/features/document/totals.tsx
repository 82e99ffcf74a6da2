import classes from './totals.module.css'

/** One figure of a sum; those that only say what the sum contains stand after it. */
export type Row = { key: string; label: string; value: string; role?: 'sum' | 'within' }

/** Figures that add up, the sum last. */
export function Totals({ rows }: { rows: Row[] }) {
  return (
    <dl className={classes.totals}>
      {rows.map(({ key, label, value, role }) => (
        <div key={key} className={role && classes[role]}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
