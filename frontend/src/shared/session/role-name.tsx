import { useTranslation } from 'react-i18next'

const builtin = ['owner', 'manager', 'accountant', 'dispatcher', 'viewer'] as const

/** A role's name: the built-in ones in the interface's language, an organization's own as it was named. */
export function RoleName({ code, name }: { code: string; name: string }) {
  const { t } = useTranslation('account')
  const known = builtin.find((role) => role === code)
  return known ? t(`role_name.${known}`) : name
}
