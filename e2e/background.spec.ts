/** A reader in the side panel: releases, variants, recordings of real kernels, sources. */
import type { Page } from '@playwright/test'
import { expect, tab, test } from './fixtures.ts'

const hash = (page: Page) => expect.poll(() => page.evaluate(() => location.hash))
const release = (page: Page, version: string) =>
  page.locator('.release').filter({ has: page.locator('.release-version', { hasText: new RegExp(`^${version.replaceAll('.', '\\.')}$`) }) })

const look = (page: Page) => tab(page, 'Kernel')

test('the line of releases says when the bug went and in which recorded build it came back; choosing one sets the kernel', async ({
  page,
}) => {
  await page.goto('./fsync-torn/#/r1')
  await look(page)
  await expect(release(page, '5.12')).toContainText('violates', { timeout: 30_000 })
  await expect(release(page, '5.13')).toContainText('holds')
  await expect(release(page, '5.13')).toContainText('+mmap-vs-fsync')
  await expect(release(page, '6.1.192-rk')).toContainText('violates', { timeout: 30_000 })
  await release(page, '6.1.192-rk').getByRole('button').click()
  await hash(page).toMatch(/\/k(6\.1\.192-rk|61192rk)\b/)
  await expect(release(page, '6.1.192-rk').getByRole('button')).toHaveAttribute('aria-pressed', 'true')
})

test('a release that the bug cannot be asked of says why instead of a verdict', async ({ page }) => {
  await page.goto('./bcachefs-lockless/#/r1')
  await look(page)
  await expect(release(page, '6.1')).toContainText('not applicable')
  await expect(release(page, '6.1').getByRole('button')).toBeDisabled()
})

test('a variant is one click away, and going back leads back', async ({ page }) => {
  await page.goto('./fsync-torn/#/r1')
  await tab(page, 'Read')
  await page.getByRole('link', { name: /Two stores: after a crash/ }).click()
  await hash(page).toMatch(/\/(ocase-mixed|ocm)\//)
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.goBack()
  await hash(page).not.toMatch(/\/oc/)
})

test('the recording of a real kernel stands beside the model, and its trace follows the steps', async ({ page }) => {
  await page.goto('./fsync-torn/#/r1')
  await tab(page, 'Read')
  const recordings = page.getByRole('region', { name: 'Seen on a real kernel' })
  await expect(recordings.getByText('The model finds the same').first()).toBeVisible()
  const traced = recordings.locator('.recording', { hasText: 'the same, traced' })
  await traced.getByRole('link', { name: 'Open the same situation here' }).click()
  await hash(page).toMatch(/\/k(6\.1\.192-rk|61192rk)\b/)
  await traced.getByRole('button', { name: /Lay the recorded/ }).click()
  await expect(traced.getByText('calls are steps of the run on this page, in the same order.')).toBeVisible()
  const step = traced.locator('.trace-lines .is-step').filter({ hasText: 'btrfs_page_mkwrite' }).getByRole('button')
  const n = await step.textContent()
  await step.click()
  await hash(page).toContain(`/${n}`)
  await expect(traced.locator('.trace-lines .is-now')).toContainText('btrfs_page_mkwrite')
})

test('pulling the plug is a choice at any step, and the lanes say what it would leave and what is legal', async ({ page }) => {
  await page.goto('./fsync-torn/#/r1/40')
  await expect(page.getByText('a crash now leaves').first()).toBeVisible()
  await expect(page.getByText('leave (1)').first()).toBeVisible()
  await page.getByRole('button', { name: /let P run here/ }).click()
  await hash(page).toMatch(/\/s[A-Za-z0-9]+P2\/41$/)
})

test('programs can be downloaded, and every scenario has a history and its sources', async ({ page, request, baseURL }) => {
  test.slow()
  await page.goto('./fsync-torn/#/r1')
  await tab(page, 'Read')
  const program = page.getByRole('link', { name: 'fsync-torn.sh' })
  const answer = await request.get(new URL((await program.getAttribute('href')) ?? '', baseURL).href)
  expect([answer.status(), (await answer.text()).startsWith('#!/bin/sh')]).toEqual([200, true])
  // An ordinary run looks at two, a long one at all that have a thread.
  const discussed = ['append-hole', 'bcachefs-lockless', 'dio-csum', 'fsync-overlap', 'fsync-torn', 'dio-short-read']
  for (const scenario of discussed.slice(0, process.env['LONG'] === '1' ? discussed.length : 2)) {
    await page.goto(`./${scenario}/#/r1`)
    await tab(page, 'Read')
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Discussed in' })).toBeVisible()
  }
})

test('two fixes are compared with each other, and the link says so', async ({ page }) => {
  await page.goto('./dio-short-read/#/r1/k5.16~wait-on-partial-read')
  await page.getByRole('button', { name: /Compare with the fix/ }).click()
  await page.getByLabel('Right side').selectOption({ label: 'Linux 5.16 with ca93e44bfb5f (eagain-multi-extent)' })
  // In short, as in full it would not fit into a line: the default kernel with either.
  await hash(page).toMatch(/\/k~w\/k~c\b/)
  await expect(page.locator('.diverged')).toContainText('The two part')
  await page.keyboard.press('End')
  await expect(page.locator('.compare-column').first()).toContainText('with wait-on-partial-read')
})
