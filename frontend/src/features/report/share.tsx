import { useFormat } from '@/shared/format/use-format'
import classes from './share.module.css'

type Props = { value: number; of: number; greatest: number }

/** A part of the whole as a percentage and a bar; the longest bar belongs to the greatest part. */
export function Share({ value, of, greatest }: Props) {
  const format = useFormat()
  const width = greatest > 0 ? Math.max(0, value / greatest) * 100 : 0
  return (
    <span className={classes.share}>
      <span className={classes.track} aria-hidden>
        <span className={classes.bar} style={{ width: `${width}%` }} />
      </span>
      <span className="numeric">{format.share(of === 0 ? null : value / of)}</span>
    </span>
  )
}
