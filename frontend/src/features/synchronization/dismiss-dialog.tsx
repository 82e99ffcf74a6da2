import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import type { Rejection } from '@/shared/api/types'
import { useOrganization } from '@/shared/session/organization'
import { ConfirmDialog } from '@/shared/ui/confirm-dialog'
import { useDismiss } from './queries'

/** Asks before a rejection is forgotten. */
export function DismissDialog({ rejection, close }: { rejection?: Rejection; close: () => void }) {
  const { t } = useTranslation('synchronization')
  const dismiss = useDismiss(useOrganization().id)
  const leave = () => {
    dismiss.reset()
    close()
  }
  return (
    <ConfirmDialog
      opened={!!rejection}
      onClose={leave}
      onConfirm={() => rejection && dismiss.mutate(rejection, { onSuccess: leave })}
      title={t('dismiss.title')}
      confirm={t('dismiss.confirm')}
      pending={dismiss.isPending}
      problem={dismiss.isError ? asProblem(dismiss.error) : null}
      danger
    >
      {t('dismiss.text')}
    </ConfirmDialog>
  )
}
