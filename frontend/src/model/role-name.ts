import { useTranslation } from 'react-i18next'
import { builtinRoles } from './access'

/** Names a role: the built-in ones in the interface's language, an organization's own as it was named. */
export function useRoleName() {
  const { t } = useTranslation('account')
  return (code: string, name: string): string => {
    const known = builtinRoles.find((role) => role === code)
    return known ? t(`role_name.${known}`) : name
  }
}

/** A role's name; see useRoleName. */
export function RoleName({ code, name }: { code: string; name: string }) {
  return useRoleName()(code, name)
}
