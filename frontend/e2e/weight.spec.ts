import { expect, test, type Request } from '@playwright/test'

const limit = 180 * 1024

test('the sign-in page brings at most 180 KiB of JavaScript', async ({ page }) => {
  const sizes: Promise<number>[] = []
  const count = (request: Request) => {
    if (request.resourceType() === 'script')
      sizes.push(request.sizes().then((s) => s.responseBodySize))
  }
  page.on('requestfinished', count)
  await page.goto(`${process.env.CABINET_URL}/sign-in`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.waitForLoadState('networkidle')
  page.off('requestfinished', count)
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  test.info().annotations.push({ type: 'KiB', description: (bytes / 1024).toFixed(1) })
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(limit)
})
