import { Alert, Text } from '@mantine/core'
import type { Problem } from '../api/problem'
import { IconWarning } from './icons'
import { useProblemText } from './use-problem-text'

/** A problem in a box: what happened, what to do next. */
export function ProblemAlert({ problem }: { problem: Problem }) {
  const { title, advice, reference } = useProblemText(problem)
  return (
    <Alert color="red" role="alert" icon={<IconWarning />} title={title}>
      <Text>{advice}</Text>
      {problem.errors.map((error) => (
        <Text key={error.field} fz="sm" ff="monospace">
          {`${error.field}: ${error.message}`}
        </Text>
      ))}
      {reference && <Text fz="sm">{reference}</Text>}
    </Alert>
  )
}
