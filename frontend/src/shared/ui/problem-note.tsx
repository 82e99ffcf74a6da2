import type { Problem } from '../api/problem'
import { useProblemText } from './use-problem-text'

/** A problem in two sentences, for places that have a heading of their own. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const { title, advice, reference } = useProblemText(problem)
  return [`${title}.`, advice, reference].filter(Boolean).join(' ')
}
