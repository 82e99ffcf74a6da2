import type { LinkProps } from '@tanstack/react-router'
import { useContext, type ReactNode } from 'react'
import { useCan } from '@/model/use-access'
import { DeletedName } from '@/shared/table/deleted-name'
import { DeletedReferences } from '@/shared/table/deleted-references'
import { Reference, type References } from '@/shared/table/reference'
import { TextLink } from '@/shared/ui/links'
import { isDocumentKind, type Kind } from './schema'

/** The address of a record's page. */
export const recordLink = (kind: string, id: string): LinkProps =>
  isDocumentKind(kind)
    ? { to: '/o/$organizationId/documents/$kind/$id', params: { kind, id } }
    : { to: '/o/$organizationId/directories/$kind/$id', params: { kind, id } }

type Props = {
  kind: Kind
  id?: string | null
  references?: References
  /** Shown in place of the record's name. */
  children?: ReactNode
}

/** A record by its name, with a link to its page for those who may open it. */
export function RecordLink({ kind, id, references, children }: Props) {
  const open = useCan(isDocumentKind(kind) ? 'documents' : 'directories')
  const deleted = useContext(DeletedReferences)
  const content = children ? (
    <DeletedName deleted={!!id && deleted?.includes(id)}>{children}</DeletedName>
  ) : (
    <Reference id={id} references={references} />
  )
  // A record that has not arrived has no page yet.
  if (!id || !open || !references?.[id]) return content
  return (
    <TextLink {...recordLink(kind, id)} underline="hover" fz="inherit">
      {content}
    </TextLink>
  )
}
