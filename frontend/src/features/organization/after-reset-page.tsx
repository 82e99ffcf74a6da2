import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FormTitle } from '@/features/account/form-title'
import { api, unwrap } from '@/shared/api/client'
import { asProblem } from '@/shared/api/problem'
import { useFormat } from '@/shared/format/use-format'
import { useNow } from '@/shared/format/use-now'
import { organizationOptions, organizationsOptions } from '@/shared/session/organizations'
import { ConfirmDialog } from '@/shared/ui/confirm-dialog'
import { ButtonLink } from '@/shared/ui/links'
import { Loaded } from '@/shared/ui/loaded'
import { useReplaceSyncKey } from './mutations'

/** After a reset by letter: what ended with the old password, and what did not, which are the sync keys. */
export function AfterResetPage() {
  const { t } = useTranslation('organization')
  const ended = useLocation({ select: ({ state }) => state.sessionsEnded })
  const organizations = useQuery(organizationsOptions())
  return (
    <>
      <FormTitle title={t('after_reset.title')}>
        {ended !== undefined && t('after_reset.sessions', { count: ended })}
      </FormTitle>
      <Stack gap="lg">
        <Loaded query={organizations}>
          {({ items }) => {
            const owned = items.filter((organization) => organization.is_owner)
            return owned.length > 0 && <Keys organizations={owned} />
          }}
        </Loaded>
        <ButtonLink to="/" fullWidth size="lg">
          {t('after_reset.go_on')}
        </ButtonLink>
      </Stack>
    </>
  )
}

function Keys({ organizations }: { organizations: { id: string; name: string }[] }) {
  const { t } = useTranslation('organization')
  return (
    <>
      <Text>{t('after_reset.keys_text')}</Text>
      {organizations.map(({ id, name }) => (
        <Key key={id} id={id} name={name} />
      ))}
      <Text c="dimmed">{t('after_reset.skip')}</Text>
    </>
  )
}

function Key({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('organization')
  const [asked, { open, close }] = useDisclosure()
  const replace = useReplaceSyncKey(id)
  return (
    <Stack gap="xs" component="section" aria-label={name}>
      <Title order={2} fz="md">
        {name}
      </Title>
      <KeyFacts id={id} />
      <Group>
        {replace.isSuccess ? (
          <Text role="status">{t('after_reset.replaced')}</Text>
        ) : (
          <Button variant="default" onClick={open}>
            {t('key.replace')}
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={asked}
        onClose={close}
        onConfirm={() => replace.mutate(undefined, { onSuccess: close })}
        title={t('key.replace_title')}
        confirm={t('key.replace_confirm')}
        pending={replace.isPending}
        problem={replace.isError ? asProblem(replace.error) : null}
        danger
      >
        {t('key.replace_text')}
      </ConfirmDialog>
    </Stack>
  )
}

function KeyFacts({ id }: { id: string }) {
  const { t } = useTranslation('organization')
  const format = useFormat()
  const now = useNow()
  const organization = useQuery(organizationOptions(id))
  const devices = useQuery({
    queryKey: ['organization', id, 'devices-of-key'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/sync/devices', {
          params: { path: { organization_id: id } },
        }),
      ),
  })
  const moment = (at: string | null | undefined) =>
    at ? format.relative(at, now) : t('after_reset.never')
  return (
    <Loaded query={organization}>
      {({ sync_key_created_at }) => (
        <Loaded query={devices}>
          {({ items }) => (
            <Stack gap={2}>
              <Text fz="sm">
                {t('after_reset.made', { at: moment(sync_key_created_at) })}
                {' · '}
                {t('after_reset.used', { at: moment(items[0]?.last_seen_at) })}
              </Text>
              {items.map((device) => (
                <Text fz="sm" c="dimmed" key={device.id}>
                  {t('after_reset.device', {
                    name: device.name || device.agent,
                    at: moment(device.last_seen_at),
                  })}
                </Text>
              ))}
            </Stack>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}
