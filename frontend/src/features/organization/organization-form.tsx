import { Button, Group, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrganizationInput } from '@/shared/api/types'
import { ConflictCard } from '@/shared/form/conflict-card'
import { Form, RequiredNote } from '@/shared/form/form'
import { LeaveGuard } from '@/shared/form/leave-guard'
import limits from '@/shared/form/limits.json'
import { optionalText, requiredText, timeOfDay, wholeNumber, type Rules } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { Card } from '@/shared/ui/card'
import { currencyChoices } from './currencies'
import { filterChoices, timeZoneChoices, type Choice } from './time-zones'

const rules: Rules<OrganizationValues> = {
  name: requiredText(limits.name.maxLength),
  time_zone: requiredText(),
  currency: requiredText(limits.currency.maxLength),
  default_delivery_minutes: wholeNumber(
    limits.default_delivery_minutes.minimum,
    limits.default_delivery_minutes.maximum,
  ),
  day_starts_at: timeOfDay,
  legal_name: optionalText(limits.legal_name.maxLength),
  tax_number: optionalText(limits.tax_number.maxLength),
  address: optionalText(limits.address.maxLength),
  phone: optionalText(limits.phone.maxLength),
}

/** The form's values: every field of an organization that can be edited. */
export type OrganizationValues = Required<OrganizationInput>

type Props = {
  initialValues: OrganizationValues
  /** Stores the values; runs after the guard against leaving is lifted. */
  save: (values: OrganizationValues) => Promise<void>
  readOnly?: boolean
}

/** Figure 5: the fields of an organization, «Сохранить» and «Вернуться без сохранения». */
export function OrganizationForm({ initialValues, save, readOnly = false }: Props) {
  const { t, i18n } = useTranslation('organization')
  const navigate = useNavigate()
  const state = useServerForm<OrganizationValues>({ rules, initialValues, send: save })
  const zones = useMemo(
    () => timeZoneChoices(i18n.language, new Date(), initialValues.time_zone),
    [i18n.language, initialValues.time_zone],
  )
  const currencies = useMemo(
    () => currencyChoices(i18n.language, initialValues.currency),
    [i18n.language, initialValues.currency],
  )
  const choices: Partial<Record<keyof OrganizationValues, Choice[]>> = {
    time_zone: zones,
    currency: currencies,
  }
  const choiceLabel = (name: keyof OrganizationValues, value: unknown) =>
    choices[name]?.find((choice) => choice.value === value)?.label
  const text = (name: keyof OrganizationValues) => ({
    ...state.field(name),
    label: t(`field.${name}`),
    readOnly,
  })
  const required = { withAsterisk: true, required: true }
  return (
    <Form state={state}>
      <LeaveGuard when={state.dirty && !state.sending} />
      <ConflictCard state={state} label={(name) => t(`field.${name}`)} show={choiceLabel} />
      <Card title={t('form.main')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <TextInput {...text('name')} {...required} autoComplete="organization" />
          <Select
            {...text('currency')}
            {...required}
            data={currencies}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t('form.nothing_found')}
          />
          <Select
            {...text('time_zone')}
            {...required}
            description={t('form.time_zone_note')}
            data={zones}
            filter={({ search }) => filterChoices(zones, search)}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t('form.nothing_found')}
          />
          <NumberInput
            {...text('default_delivery_minutes')}
            {...required}
            description={t('form.delivery_note')}
            min={limits.default_delivery_minutes.minimum}
            max={limits.default_delivery_minutes.maximum}
            allowDecimal={false}
            clampBehavior="none"
          />
          <TextInput
            {...text('day_starts_at')}
            type="time"
            description={t('form.day_starts_note')}
          />
        </SimpleGrid>
      </Card>
      <Card title={t('form.details')} description={t('form.details_note')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <TextInput {...text('legal_name')} />
          <TextInput {...text('tax_number')} inputMode="numeric" />
          <TextInput {...text('address')} autoComplete="street-address" />
          <TextInput {...text('phone')} type="tel" autoComplete="tel" />
        </SimpleGrid>
      </Card>
      {!readOnly && <RequiredNote />}
      <Group gap="sm">
        {!readOnly && (
          <Button type="submit" loading={state.sending}>
            {t('form.save')}
          </Button>
        )}
        <Button variant="default" onClick={() => void navigate({ to: '/organizations' })}>
          {readOnly ? t('form.back') : t('form.back_without_saving')}
        </Button>
      </Group>
    </Form>
  )
}
