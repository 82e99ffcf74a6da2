import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { organizationsOptions } from '@/shared/session/organizations'
import { useFirstChoice } from '@/shared/session/use-first-choice'
import { Card } from '@/shared/ui/card'
import { IconOrganization, IconPlus } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { Loaded } from '@/shared/ui/loaded'
import { Steps } from './steps'

/** Before an organization is chosen: create one, or choose one of those there are. */
export function NextStep() {
  const { t } = useTranslation('home')
  const query = useQuery(organizationsOptions())
  return (
    <Loaded query={query}>
      {({ items }) => (
        <Card title={t('next.title')} description={t('next.text')}>
          <Steps
            active={items.length === 0 ? 0 : 1}
            steps={[
              {
                title: t('next.create_title'),
                content: (
                  <Stack gap="sm" align="flex-start">
                    <Text>{t('next.create_text')}</Text>
                    <ButtonLink to="/organizations/new" leftSection={<IconPlus size={18} />}>
                      {t('next.create')}
                    </ButtonLink>
                  </Stack>
                ),
              },
              { title: t('next.choose_title'), content: <Choice organizations={items} /> },
              { title: t('next.connect_title'), content: <Text>{t('next.connect_text')}</Text> },
            ]}
          />
        </Card>
      )}
    </Loaded>
  )
}

function Choice({ organizations }: { organizations: { id: string; name: string }[] }) {
  const { t } = useTranslation('home')
  const choose = useFirstChoice()
  return (
    <Stack gap="sm" align="flex-start">
      <Text>{t('next.choose_text')}</Text>
      <Group gap="sm">
        {organizations.map(({ id, name }) => (
          <ButtonLink
            key={id}
            to="/o/$organizationId"
            params={{ organizationId: id }}
            variant="default"
            leftSection={<IconOrganization size={18} />}
            onClick={() => choose(id)}
          >
            {name}
          </ButtonLink>
        ))}
      </Group>
    </Stack>
  )
}
