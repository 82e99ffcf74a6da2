import { Button, Group, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Me, OrganizationItem } from '@/shared/api/types'
import { Form, RequiredNote } from '@/shared/form/form'
import { LeaveGuard } from '@/shared/form/leave-guard'
import limits from '@/shared/form/limits.json'
import { optionalText, requiredText, type Rules } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { chooseLanguage, languages, type Language } from '@/shared/i18n/language'
import { rememberOrganization } from '@/shared/session/last-organization'
import { useUpdateMe } from '@/shared/session/me'
import { Card } from '@/shared/ui/card'
import { TextLink } from '@/shared/ui/links'
import { useNotice } from '@/shared/ui/notice'

type Values = {
  current_organization_id: string | null
  full_name: string
  phone: string
  locale: Language
}

const rules: Rules<Values> = {
  full_name: requiredText(limits.full_name.maxLength),
  phone: optionalText(limits.phone.maxLength),
}

/** «Организация», the person's details, «Обновить». */
export function AccountForm({ me, organizations }: { me: Me; organizations: OrganizationItem[] }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const update = useUpdateMe()
  const notice = useNotice()
  const state = useServerForm<Values>({
    rules,
    initialValues: {
      current_organization_id: me.current_organization?.id ?? null,
      full_name: me.full_name,
      phone: me.phone,
      locale: languages.find((language) => language === me.locale) ?? 'ru',
    },
    send: async (values) => {
      await update.mutateAsync(values)
      rememberOrganization(values.current_organization_id)
      await chooseLanguage(values.locale)
      notice(t('account.updated'))
    },
  })
  return (
    <Form state={state}>
      <LeaveGuard when={state.dirty && !state.sending} />
      <Card title={t('account.work')}>
        {organizations.length === 0 ? (
          <Text>
            {t('account.no_organizations')}{' '}
            <TextLink to="/organizations/new">{t('account.create_organization')}</TextLink>
          </Text>
        ) : (
          <Select
            {...state.field('current_organization_id')}
            label={t('account.organization')}
            description={t('account.organization_note')}
            placeholder={t('account.organization_none')}
            data={organizations.map(({ id, name }) => ({ value: id, label: name }))}
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
            label={t('field.full_name')}
            withAsterisk
            required
            autoComplete="name"
          />
          <TextInput
            {...state.field('phone')}
            label={t('field.phone')}
            type="tel"
            autoComplete="tel"
          />
          <TextInput label={t('field.email')} value={me.email} readOnly variant="filled" />
          <Select
            {...state.field('locale')}
            label={t('account.language')}
            data={languages.map((value) => ({ value, label: common(`language.${value}`) }))}
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
