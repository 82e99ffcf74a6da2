import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asProblem } from '../api/problem'
import { ProblemNote } from '../ui/problem-note'
import { IconDownload } from '../ui/icons'
import { download, type Export, type FileFormat } from './download'

/** Exports what the screen shows, whole and with its filters, as CSV or XLSX. */
export function ExportMenu(props: Export) {
  const { t, i18n } = useTranslation('filter')
  const fetching = useMutation({
    mutationFn: (format: FileFormat) => download(props, format, i18n.language),
    onError: (error) =>
      notifications.show({
        color: 'red',
        title: t('export.failed'),
        message: <ProblemNote problem={asProblem(error)} />,
        autoClose: 10_000,
      }),
  })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} />}
          loading={fetching.isPending}
        >
          {t('export.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => fetching.mutate('xlsx')}>{t('export.xlsx')}</Menu.Item>
        <Menu.Item onClick={() => fetching.mutate('csv')}>{t('export.csv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
