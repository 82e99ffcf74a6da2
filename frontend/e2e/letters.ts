import { expect, type APIRequestContext } from '@playwright/test'

type Letter = { to: string; subject: string; text: string; links: string[] }

/** The link in the newest letter to an address; waits for the letter to come. */
export async function linkFor(request: APIRequestContext, base: string, to: string, path: string) {
  let link: string | undefined
  await expect
    .poll(async () => {
      const letters = (await (await request.get(`${base}/dev/mail.json`)).json()) as Letter[]
      link = letters
        .filter((letter) => letter.to.includes(to))
        .flatMap((letter) => letter.links)
        .find((candidate) => new URL(candidate).pathname === path)
      return link
    })
    .toBeTruthy()
  return link as string
}
