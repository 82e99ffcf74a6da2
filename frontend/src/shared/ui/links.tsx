import { Anchor, Button, type ButtonProps } from '@mantine/core'
import { createLink, type LinkComponent } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type ButtonAnchorProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & {
    ref?: Ref<HTMLAnchorElement>
  }

function ButtonAnchor(props: ButtonAnchorProps) {
  return <Button component="a" {...props} />
}

/** A link in running text. */
export const TextLink = createLink(Anchor<'a'>)

/** A link that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor)

// A link takes the parameters that it is not given from the address.
type InOrganization = '/o/$organizationId'

/** A TextLink from a page of an organization to another of the same: its id stands in the address already. */
export const OrganizationLink = TextLink as LinkComponent<typeof Anchor<'a'>, InOrganization>

/** A ButtonLink from a page of an organization to another of the same. */
export const OrganizationButton = ButtonLink as LinkComponent<typeof ButtonAnchor, InOrganization>
