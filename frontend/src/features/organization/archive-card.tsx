import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import type { Organization } from '@/shared/api/types'
import { rememberOrganization } from '@/shared/session/last-organization'
import { Card } from '@/shared/ui/card'
import { ConfirmDialog } from '@/shared/ui/confirm-dialog'
import { useArchiveOrganization } from './mutations'

/** Puts the organization away, after its name was typed. */
export function ArchiveCard({ organization }: { organization: Organization }) {
  const { t } = useTranslation('organization')
  const navigate = useNavigate()
  const [asked, { open, close }] = useDisclosure()
  const archive = useArchiveOrganization(organization.id)
  // Not a callback of mutate: this card is gone once the person's organizations are read again.
  const confirm = async () => {
    await archive.mutateAsync()
    rememberOrganization(null)
    await navigate({ to: '/organizations', ignoreBlocker: true })
  }
  return (
    <Card
      title={t('archive.title')}
      description={t('archive.text')}
      actions={
        <Button variant="light" color="red" c="var(--mantine-color-error)" onClick={open}>
          {t('archive.button')}
        </Button>
      }
    >
      <ConfirmDialog
        opened={asked}
        onClose={close}
        onConfirm={() => void confirm().catch(() => undefined)} // the dialog shows what went wrong
        title={t('archive.ask_title', { name: organization.name })}
        confirm={t('archive.confirm')}
        typed={organization.name}
        typeLabel={t('archive.type_name', { name: organization.name })}
        pending={archive.isPending}
        problem={archive.isError ? asProblem(archive.error) : null}
        danger
      >
        {t('archive.ask_text')}
      </ConfirmDialog>
    </Card>
  )
}
