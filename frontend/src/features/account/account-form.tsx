import { Button, Group, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Tagged } from '@/shared/api/client'
import type { Me, OrganizationItem } from '@/shared/api/types'
import { ConflictCard } from '@/shared/form/conflict-card'
import { Form, RequiredNote } from '@/shared/form/form'
import { LeaveGuard } from '@/shared/form/leave-guard'
import limits from '@/shared/form/limits.json'
import { optionalText, requiredText, type Rules } from '@/shared/form/rules'
import { useEdit } from '@/shared/form/use-edit'
import { useServerForm } from '@/shared/form/use-server-form'
import { chooseLanguage, languages, type Language } from '@/shared/i18n/language'
import { rememberOrganization } from '@/shared/session/last-organization'
import { useUpdateMe } from '@/shared/session/me'
import { meOptions } from '@/shared/session/me-query'
import { Card } from '@/shared/ui/card'
import { TextLink } from '@/shared/ui/links'
import { useNotice } from '@/shared/ui/notice'

type AccountValues = {
  current_organization_id: string | null
  full_name: string
  phone: string
  locale: Language
}

const rules: Rules<AccountValues> = {
  full_name: requiredText(limits.full_name.maxLength),
  phone: optionalText(limits.phone.maxLength),
}

const fieldLabels = {
  current_organization_id: 'account.organization',
  full_name: 'field.full_name',
  phone: 'field.phone',
  locale: 'account.language',
} as const

/** «Организация», the person's details, «Обновить». */
export function AccountForm({
  me,
  organizations,
}: {
  me: Tagged<Me>
  organizations: OrganizationItem[]
}) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const update = useUpdateMe()
  const notice = useNotice()
  const client = useQueryClient()
  const store = useEdit<Me, AccountValues>({
    opened: me,
    valuesOf,
    write: (changes, etag) => update.mutateAsync({ changes, etag }),
    readAgain: () => client.fetchQuery({ ...meOptions(), staleTime: 0 }),
  })
  const state = useServerForm<AccountValues>({
    rules,
    initialValues: valuesOf(me),
    send: async (values) => {
      await store(values)
      rememberOrganization(values.current_organization_id)
      await chooseLanguage(values.locale)
      notice(t('account.updated'))
    },
  })
  const choices: Partial<Record<keyof AccountValues, { value: string; label: string }[]>> = {
    current_organization_id: organizations.map(({ id, name }) => ({ value: id, label: name })),
    locale: languages.map((value) => ({ value, label: common(`language.${value}`) })),
  }
  return (
    <Form state={state}>
      <LeaveGuard when={state.dirty && !state.sending} />
      <ConflictCard
        state={state}
        label={(name) => t(fieldLabels[name])}
        show={(name, value) => choices[name]?.find((choice) => choice.value === value)?.label}
      />
      <Card title={t('account.work')}>
        {organizations.length === 0 ? (
          <Text>
            {t('account.no_organizations')}{' '}
            <TextLink to="/organizations/new">{t('account.create_organization')}</TextLink>
          </Text>
        ) : (
          <Select
            {...state.field('current_organization_id')}
            label={t(fieldLabels.current_organization_id)}
            description={t('account.organization_note')}
            placeholder={t('account.organization_none')}
            data={choices.current_organization_id}
            searchable={organizations.length > 7}
            clearable
            maw={460}
          />
        )}
      </Card>
      <Card title={t('account.details')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <TextInput
            {...state.field('full_name')}
            label={t(fieldLabels.full_name)}
            withAsterisk
            required
            autoComplete="name"
          />
          <TextInput
            {...state.field('phone')}
            label={t(fieldLabels.phone)}
            type="tel"
            autoComplete="tel"
          />
          <TextInput label={t('field.email')} value={me.email} readOnly variant="filled" />
          <Select
            {...state.field('locale')}
            label={t(fieldLabels.locale)}
            data={choices.locale}
            allowDeselect={false}
          />
        </SimpleGrid>
      </Card>
      <RequiredNote />
      <Group>
        <Button type="submit" loading={state.sending}>
          {t('account.submit')}
        </Button>
      </Group>
    </Form>
  )
}

function valuesOf(me: Me): AccountValues {
  return {
    current_organization_id: me.current_organization?.id ?? null,
    full_name: me.full_name,
    phone: me.phone,
    locale: languages.find((language) => language === me.locale) ?? 'ru',
  }
}
