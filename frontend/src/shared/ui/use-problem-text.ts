import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem'

/** A problem in the interface's language: what happened, what to do next, and the request id for support. */
export function useProblemText(problem: Problem) {
  const { t, i18n } = useTranslation()
  const code = i18n.exists(`problem.${problem.code}.title`) ? problem.code : 'unknown'
  return {
    title: t(`problem.${code as 'unknown'}.title`),
    advice: t(`problem.${code as 'unknown'}.advice`, { seconds: problem.retryAfter ?? 60 }),
    reference:
      problem.requestId && problem.status >= 500
        ? t('problem_reference', { id: problem.requestId })
        : undefined,
  }
}
