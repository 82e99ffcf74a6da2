import type account from '../../locales/en/account.json'
import type common from '../../locales/en/common.json'
import type directory from '../../locales/en/directory.json'
import type document from '../../locales/en/document.json'
import type filter from '../../locales/en/filter.json'
import type home from '../../locales/en/home.json'
import type license from '../../locales/en/license.json'
import type organization from '../../locales/en/organization.json'
import type record from '../../locales/en/record.json'
import type report from '../../locales/en/report.json'
import type shell from '../../locales/en/shell.json'
import type synchronization from '../../locales/en/synchronization.json'

// A key that is not in the files does not compile. A new namespace is added here and in both languages.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      account: typeof account
      common: typeof common
      directory: typeof directory
      document: typeof document
      filter: typeof filter
      home: typeof home
      license: typeof license
      organization: typeof organization
      record: typeof record
      report: typeof report
      shell: typeof shell
      synchronization: typeof synchronization
    }
  }
}
