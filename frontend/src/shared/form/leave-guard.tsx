import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../ui/confirm-dialog'

/** Asks before a page with typed but unsaved values is left: by a link, by the browser's buttons, by closing. */
export function LeaveGuard({ when }: { when: boolean }) {
  const { t } = useTranslation()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      title={t('leave.title')}
      confirm={t('leave.confirm')}
      cancel={t('leave.cancel')}
      danger
    >
      {t('leave.text')}
    </ConfirmDialog>
  )
}
