import { Anchor, Group, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  agentCheckCommand,
  agentGuide,
  agentInitCommand,
  agentSyncCommand,
} from '@/shared/session/agent-command'
import { SyncKeyField } from '@/shared/ui/sync-key-field'
import { organizationOptions } from '@/shared/session/organizations'
import { Card } from '@/shared/ui/card'
import { Command } from '@/shared/ui/copy'
import { Loaded } from '@/shared/ui/loaded'
import { Steps } from './steps'

/** The set-up, while no data has come: the key, the agent's commands, and waiting. It moves on by itself. */
export function Checklist({
  organizationId,
  deviceSeen,
}: {
  organizationId: string
  deviceSeen: boolean
}) {
  const { t } = useTranslation('home')
  const query = useQuery(organizationOptions(organizationId))
  return (
    <Loaded query={query}>
      {({ sync_key }) => (
        <Card title={t('setup.title')} description={t('setup.text')}>
          <Steps
            active={deviceSeen ? 2 : 1}
            steps={[
              { title: t('setup.organization'), content: null },
              {
                title: t('setup.connect'),
                content: sync_key ? (
                  <Connect syncKey={sync_key} />
                ) : (
                  <Text>{t('setup.no_key')}</Text>
                ),
              },
              { title: t('setup.data'), content: <Waiting text={t('setup.waiting_data')} /> },
            ]}
          />
        </Card>
      )}
    </Loaded>
  )
}

function Connect({ syncKey }: { syncKey: string }) {
  const { t, i18n } = useTranslation('home')
  return (
    <Stack gap="md">
      <Text>{t('setup.connect_text')}</Text>
      <SyncKeyField label={t('setup.key')} copyLabel={t('setup.copy_key')} syncKey={syncKey} />
      <Stack gap="xs">
        <Text>{t('setup.commands')}</Text>
        <Command value={agentInitCommand(syncKey)} label={t('setup.copy_command')} />
        <Command value={agentCheckCommand} label={t('setup.copy_command')} />
        <Command value={agentSyncCommand} label={t('setup.copy_command')} />
        <Anchor href={agentGuide(i18n.language)} target="_blank">
          {t('setup.guide')}
        </Anchor>
      </Stack>
      <Waiting text={t('setup.waiting_device')} />
    </Stack>
  )
}

function Waiting({ text }: { text: string }) {
  return (
    <Group gap="sm" role="status">
      <Loader size={18} />
      <Text c="dimmed">{text}</Text>
    </Group>
  )
}
