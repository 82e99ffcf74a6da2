import { expect, test } from '@playwright/test'

const limit = 180 * 1024

test('the sign-in page brings at most 180 KiB of JavaScript', async ({ page }) => {
  let bytes = 0
  page.on('requestfinished', async (request) => {
    if (request.resourceType() !== 'script') return
    const { responseBodySize } = await request.sizes()
    bytes += responseBodySize
  })
  await page.goto(`${process.env.CABINET_URL}/sign-in`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.waitForLoadState('networkidle')
  test.info().annotations.push({ type: 'KiB', description: (bytes / 1024).toFixed(1) })
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(limit)
})
