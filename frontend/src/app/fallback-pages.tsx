import { Button, Container } from '@mantine/core'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/shared/api/problem'
import { ButtonLink } from '@/shared/ui/links'
import { useDocumentTitle } from '@/shared/ui/page-header'
import { EmptyState, ProblemState } from '@/shared/ui/states'

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <Container component="main" size="sm" py="xl">
      <PageNotFound />
    </Container>
  )
}

/** The same within the cabinet, whose menu stays beside it. */
export function PageNotFound() {
  const { t } = useTranslation()
  useDocumentTitle(t('page_not_found.title'))
  return (
    <EmptyState
      page
      title={t('page_not_found.title')}
      action={
        <ButtonLink to="/" mt="sm">
          {t('page_not_found.home')}
        </ButtonLink>
      }
    >
      {t('page_not_found.text')}
    </EmptyState>
  )
}

/** A page that could not be loaded, or broke while it was drawn: after a new release a reload mends it. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const { t } = useTranslation()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  if (error instanceof Problem) return <ProblemState problem={error} retry={retry} page />
  return (
    <Container size="sm" py="xl" role="alert">
      <EmptyState
        page
        title={t('page_broken.title')}
        action={
          <Button mt="sm" onClick={() => location.reload()}>
            {t('page_broken.reload')}
          </Button>
        }
      >
        {t('page_broken.text')}
      </EmptyState>
    </Container>
  )
}
