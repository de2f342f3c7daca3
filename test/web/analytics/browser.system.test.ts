import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analytics } from '../../../src/analytics/engine.ts';
import { analyticsPages } from '../../../src/web/analytics/pages.tsx';
import { violations } from '../../support/axe.ts';
import { chromiumPath, noChromium, startChromium } from '../../support/chromium.ts';
import { type FakeApi, fakeApi } from '../../support/fakeApi.ts';
import { boardUntil, simulatedBoard } from '../../support/simulated-board.ts';
import { openAlert } from '../../support/watches.ts';

if (chromiumPath === undefined) console.warn(noChromium);

describe.skipIf(chromiumPath === undefined)('the dashboard in Chromium', () => {
  let browser: Browser;
  let analytics: Analytics;
  let fake: FakeApi;
  let address: string;
  let key: string;

  beforeAll(async () => {
    const board = await simulatedBoard(80);
    analytics = board.analytics;
    const clock = () => boardUntil;
    const alerts = { alerts: async () => ({ alerts: [openAlert(analytics.position)] }) };
    const pages = analyticsPages({ ...board, alerts, clock });
    fake = await fakeApi({ analytics, log: board.log, pages, clock });
    address = (await fake.app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
    key = fake.keyFor('analyst');
    browser = await startChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await fake?.app.close();
    await analytics?.close();
  });

  async function signedIn(options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${address}/sign-in`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Delivery performance' }).waitFor();
    return { page, faults };
  }

  test('without script: sign in, filter, from a bar to the orders to the events of one, sign out', async () => {
    const { page } = await signedIn({ javaScriptEnabled: false });
    await page.getByLabel('On time by', { exact: true }).selectOption('First promise');
    await page.getByLabel('From', { exact: true }).fill('2025-06-01');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/basis=first_promise/);
    expect(new URL(page.url()).searchParams.get('from')).toBe('2025-06-01');
    expect(await page.locator('#on-time .question').textContent()).toContain('first promise');

    const bar = page.locator('#on-time-by-basis svg a').nth(1);
    expect(await bar.getAttribute('aria-label')).toMatch(/^First promise: [\d.]+ %$/);
    await bar.click();
    await page.getByRole('heading', { name: 'On time', exact: true }).waitFor();
    await page.locator('tbody a').first().click();
    await page.getByRole('heading', { name: /^Events of / }).waitFor();
    expect(await page.locator('tbody th').allTextContents()).toContain('Order submitted');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${address}/analytics`);
    expect(await page.getByLabel('API key').count()).toBe(1);
    await page.context().close();
  });

  test('by keyboard alone: the table of a chart opens, and its numbers lead on', async () => {
    const { page } = await signedIn();
    await page.locator('#stage-times summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/kpi=stage_accept_time/);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colorScheme) => {
    const { page, faults } = await signedIn({ colorScheme });
    for (const id of ['on-time-by-basis', 'cycle-time-distribution', 'accuracy-by-month'])
      await page.locator(`#${id} details`).evaluate((node) => node.setAttribute('open', ''));
    expect(await violations(page)).toEqual([]);
    const bar = (await page.locator('#errors-by-kind svg a').last().getAttribute('href')) ?? '';
    await page.goto(address + bar);
    expect(await violations(page)).toEqual([]);
    await page.goto(address + ((await page.locator('tbody a').first().getAttribute('href')) ?? ''));
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.goto(`${address}/sign-in`);
    expect(await violations(page)).toEqual([]);
    await page.goto(`${address}/analytics?from=yesterday`);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  test('fits narrow screens, and marks can be seen', async () => {
    const { page } = await signedIn({ viewport: { width: 320, height: 640 } });
    const width = await page
      .locator('html')
      .evaluate((node) => (node as unknown as { scrollWidth: number }).scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1360, height: 900 });
    const bars = await page.locator('#on-time-by-basis svg a').all();
    expect(bars).toHaveLength(5);
    const accent = page.locator('#on-time-by-basis svg a').nth(2);
    for (const bar of bars) expect((await bar.boundingBox())?.height).toBeGreaterThan(15);
    const colour = await accent.evaluate(
      (node) =>
        (globalThis as unknown as { getComputedStyle(node: unknown): { fill: string } }).getComputedStyle(node).fill,
    );
    expect(colour).toBe('rgb(11, 107, 116)');
    await page.context().close();
  });
});
