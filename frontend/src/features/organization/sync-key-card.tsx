import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import type { Organization } from '@/shared/api/types'
import { Card } from '@/shared/ui/card'
import { ConfirmDialog } from '@/shared/ui/confirm-dialog'
import { Command } from '@/shared/ui/copy'
import { agentInitCommand } from '@/shared/session/agent-command'
import { SyncKeyField } from '@/shared/ui/sync-key-field'
import { useReplaceSyncKey } from './mutations'

/** Figures 6 and 7: the read-only «Ключ синхронизации», and where to paste it. */
export function SyncKeyCard({
  organization,
  syncKey,
}: {
  organization: Organization
  syncKey: string
}) {
  const { t } = useTranslation('organization')
  const [asked, { open, close }] = useDisclosure()
  const replace = useReplaceSyncKey(organization.id)
  const confirm = () => replace.mutate(undefined, { onSuccess: close })
  return (
    <Card title={t('key.title')} description={t('key.text')}>
      <Stack gap="md">
        <SyncKeyField label={t('key.label')} copyLabel={t('key.copy')} syncKey={syncKey}>
          <Button variant="subtle" onClick={open}>
            {t('key.replace')}
          </Button>
        </SyncKeyField>
        <div>
          <Text mb={6}>{t('key.where')}</Text>
          <Command value={agentInitCommand(syncKey)} label={t('key.copy_command')} />
        </div>
      </Stack>
      <ConfirmDialog
        opened={asked}
        onClose={close}
        onConfirm={confirm}
        title={t('key.replace_title')}
        confirm={t('key.replace_confirm')}
        pending={replace.isPending}
        problem={replace.isError ? asProblem(replace.error) : null}
        danger
      >
        {t('key.replace_text')}
      </ConfirmDialog>
    </Card>
  )
}
