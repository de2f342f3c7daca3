import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyticsPages } from '../../../src/web/analytics/pages.tsx';
import type { FoundOrder } from '../../../src/web/audit/orders.tsx';
import { auditPages } from '../../../src/web/audit/pages.tsx';
import { violations } from '../../support/axe.ts';
import { chromiumPath, startChromium } from '../../support/chromium.ts';
import { fakeAnalytics } from '../../support/fakeAnalytics.ts';
import { type FakeApi, fakeApi } from '../../support/fakeApi.ts';
import { fakeAudit } from '../../support/fakeAudit.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { simulatedHistory } from '../../support/simulated-history.ts';

const until = '2026-04-08T12:00:00.000Z';
const clock = () => until;

/** The order with most events, as the list of orders would have it. */
function longestOrder(log: MemoryLog): FoundOrder {
  const lengths = new Map<string, number>();
  for (const { stream } of log.events)
    if (stream.startsWith('order-')) lengths.set(stream, (lengths.get(stream) ?? 0) + 1);
  const [stream = ''] = [...lengths].sort((a, b) => b[1] - a[1])[0] ?? [];
  return {
    orderId: stream.slice('order-'.length),
    orderNo: 'SO-longest',
    customerId: 'C-1',
    customerPo: null,
    status: 'partly-shipped',
    orderedOn: '2026-01-05',
    promisedOn: null,
  };
}

describe.skipIf(chromiumPath === undefined)("the auditor's pages in Chromium", () => {
  let browser: Browser;
  let fake: FakeApi;
  let address: string;
  let order: FoundOrder;

  beforeAll(async () => {
    const log = memoryLog();
    for (const { stream, revision: _, position: __, ...event } of await simulatedHistory('audit', 30, until, 20))
      log.record(stream, event);
    order = longestOrder(log);
    const analytics = fakeAnalytics();
    const numbers = analyticsPages({ analytics, log, alerts: { alerts: async () => ({ alerts: [] }) }, clock });
    const pages = auditPages({
      assets: numbers.assets,
      audit: fakeAudit(log),
      orders: { search: async () => ({ items: [order] }) },
      kpis: [{ id: 'on_time_rate', title: 'On time' }],
      orderLinks: (orderId) => [{ title: 'Verify', href: `/audit/orders/${orderId}?by=recorded` }],
    });
    fake = await fakeApi({
      analytics,
      log,
      clock,
      pages: { ...numbers, ...pages, files: [...numbers.files, ...pages.files] },
    });
    address = (await fake.app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
    browser = await startChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await fake?.app.close();
  });

  async function signedIn(options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${address}/audit`);
    await page.getByLabel('API key').fill(fake.keyFor('auditor'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    faults.length = 0; // the browser reports the 401 that showed the form
    return { page, faults };
  }

  const opened = async (options: BrowserContextOptions = {}) => {
    const visit = await signedIn(options);
    await visit.page.getByRole('link', { name: 'SO-longest' }).click();
    await visit.page.getByRole('heading', { name: 'As it stood' }).waitFor();
    return visit;
  };

  test('without script: from the list to the history, to an earlier moment, to the reasons of a field', async () => {
    const { page } = await opened({ javaScriptEnabled: false });
    const events = await page.locator('.events .sentence').allTextContents();
    expect(events.join('\n')).toMatch(/opened order .* for customer/);
    await page.getByLabel(/^Moment, 1 to/).fill('2');
    await page.getByLabel('Compared with').fill('0');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/at=2/);
    expect(await page.locator('#moment .question').first().textContent()).toContain('after event 3 of');
    expect(await page.locator('#moment .things').last().textContent()).toMatch(/added: \d/);
    expect(await page.locator('.events .beyond').count()).toBe(events.length - 3);
    await page.locator('.facts a').first().click();
    await page.getByRole('heading', { name: 'Why status is what it is' }).waitFor();
    expect(await page.locator('.events .sentence').count()).toBeGreaterThan(2);
    await page.getByLabel('Or a KPI').selectOption('On time');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: 'What the order adds to On time' }).waitFor();
    await page.context().close();
  });

  test('by keyboard alone: the slider moves through time and shows each moment by itself', async () => {
    const { page, faults } = await opened();
    const slider = page.getByLabel(/^Moment, 1 to/);
    const total = Number(await slider.getAttribute('max')) + 1;
    await slider.focus();
    await page.keyboard.press('Home');
    await page.locator(`#moment .question:has-text("after event 1 of ${total}")`).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator(`#moment .question:has-text("after event 2 of ${total}")`).waitFor();
    expect(await slider.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
    expect(new URL(page.url()).searchParams.get('at')).toBe('1');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colorScheme) => {
    const { page, faults } = await opened({ colorScheme, viewport: { width: 1280, height: 1000 } });
    await page
      .locator('.events details')
      .first()
      .evaluate((node) => node.setAttribute('open', ''));
    expect(await violations(page)).toEqual([]);
    for (const path of [
      `/audit/orders/${order.orderId}/explain?kpi=on_time_rate`,
      '/audit/events?type=OrderAccepted',
      '/audit',
    ]) {
      await page.goto(address + path);
      expect(await violations(page)).toEqual([]);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('fits narrow screens', async () => {
    const { page } = await opened({ viewport: { width: 320, height: 640 } });
    const width = await page
      .locator('html')
      .evaluate((node) => (node as unknown as { scrollWidth: number }).scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    await page.context().close();
  });
});
