import { api } from '../api/client'
import { asProblem, problemOf } from '../api/problem'

/** A file format of lists and reports. */
export type FileFormat = 'csv' | 'xlsx'

/** What is exported: a path below /organizations/{organization_id} and the query of the screen. */
export type Export = {
  organizationId: string
  path: string
  query: Record<string, string | number | boolean | undefined>
}

/** Fetches a list or report as a file and hands it to the browser. Throws Problem. */
export async function download(
  { organizationId, path, query }: Export,
  format: FileFormat,
  lang: string,
): Promise<void> {
  const answer = await api
    .GET(
      `/organizations/{organization_id}/${path}` as '/organizations/{organization_id}/documents/{kind}',
      {
        params: {
          path: { organization_id: organizationId } as { organization_id: string; kind: string },
          query: { ...query, format, lang } as object,
        },
        parseAs: 'blob',
      },
    )
    .catch((error: unknown) => {
      throw asProblem(error)
    })
  if (!answer.response.ok) throw problemOf(answer.response, answer.error)
  save(answer.data as unknown as Blob, fileName(answer.response) ?? `export.${format}`)
}

/** The name that the server gave the file. */
function fileName(response: Response): string | undefined {
  const disposition = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1]
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
