import { useMe, useUpdateMe } from './me'

/** The organization that one chooses while `/` leads to none is where it leads from then on. */
export function useFirstChoice(): (organizationId: string) => void {
  const { current_organization_id } = useMe()
  const { mutate } = useUpdateMe()
  return (organizationId) => {
    if (!current_organization_id) mutate({ changes: { current_organization_id: organizationId } })
  }
}
