import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../src/api/access.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { violations } from '../../support/axe.ts';
import { chromiumPath, startChromium } from '../../support/chromium.ts';

describe.skipIf(chromiumPath === undefined)('replay and quarantine in Chromium', () => {
  let browser: Browser;
  let service: TestApp;
  let address: string;

  beforeAll(async () => {
    service = await startApp({ database: 'pglite' });
    address = (await service.listen()).replace(/\/$/, '');
    const { handler, database } = service.house;
    const { simulate } = await import('../../../src/simulate/simulate.ts');
    const until = '2026-03-02T12:00:00.000Z';
    const request = { seed: 'replay', orders: 8, until, weeks: 8 };
    await simulate({ handler, log: service.house.log, numbers: { raiseAbove: async () => {} } }, request);
    await service.house.projected();
    const [order] = await database.query<{ order_id: string; revision: number }>({
      text: 'select order_id, revision from order_status order by order_no limit 1',
    });
    // A row that was changed by hand, and a stream as the runner parks it.
    await database.execute(`
      update order_status_g1 set status = 'tampered' where order_id = '${order?.order_id}';
      insert into parked_streams (projection, generation, stream, code, cause)
        values ('orders', 1, 'order-${order?.order_id}', 'handler-failed', 'The quantity is not a number');
      insert into parked_events (projection, generation, stream, revision, position, type)
        values ('orders', 1, 'order-${order?.order_id}', ${order?.revision}, '1', 'LinesShipped')`);
    browser = await startChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  async function signedIn(role: Role, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(address + path);
    await page.getByLabel('API key').fill(await service.keyFor(role));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Audit' }).waitFor();
    return page;
  }
  const looked = async (page: Page, name: string): Promise<void> => {
    if (process.env.ORDERFOLD_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.ORDERFOLD_SCREENSHOTS}/${name}.png`, fullPage: true });
    expect(await violations(page)).toEqual([]);
  };

  test('without script an admin compares, sees which row differs and why, and drops what was built', async () => {
    const page = await signedIn('admin', '/audit/certificates', { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Compare: orders' }).click();
    await page.getByRole('status').waitFor();
    await expect
      .poll(
        async () =>
          (await page.goto(`${address}/audit/certificates`)) && page.getByRole('link', { name: /^compared/ }).count(),
        {
          timeout: 60_000,
        },
      )
      .toBe(1);
    await page.getByRole('link', { name: /^compared/ }).click();
    await page.getByRole('heading', { name: 'Certificate of orders' }).waitFor();
    expect(await page.locator('main').textContent()).toMatch(/status tampered → .*its stream waits in quarantine/);
    await page.getByRole('link', { name: 'Replay' }).click();
    await page.getByRole('button', { name: 'Drop: orders' }).click();
    expect(await page.getByRole('status').textContent()).toContain('was dropped');
    await page.context().close();
  });

  test('an auditor looks and cannot act; nothing is wrong for those who cannot see or use a mouse', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await signedIn('auditor', '/audit/certificates', {
        colorScheme,
        viewport: { width: 1280, height: 900 },
      });
      expect(await page.getByRole('button', { name: /Compare/ }).count()).toBe(0);
      await looked(page, `certificates-${colorScheme}`);
      await page.locator('tbody th a').last().click();
      await page.getByRole('heading', { name: 'Certificate of orders' }).waitFor();
      await looked(page, `certificate-${colorScheme}`);
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download as JSON' }).click();
      expect((await download).suggestedFilename()).toMatch(/^orders-.*\.json$/);
      await page.getByRole('link', { name: 'Quarantine' }).click();
      await looked(page, `quarantine-${colorScheme}`);
      await page.locator('tbody th a').first().click();
      await page.getByRole('heading', { name: 'The event in the way' }).waitFor();
      expect(await page.getByRole('button', { name: 'Leave it out' }).count()).toBe(0);
      await page.context().close();
    }
  });

  test('an admin leaves an event out with a reason, on a narrow screen', async () => {
    const page = await signedIn('admin', '/audit/quarantine', { viewport: { width: 320, height: 640 } });
    await page.locator('tbody th a').first().click();
    await page.getByLabel('Why it may be left out').fill('Told twice by the carrier');
    await looked(page, 'parked');
    const width = await page
      .locator('html')
      .evaluate((node) => (node as unknown as { scrollWidth: number }).scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    await page.getByRole('button', { name: 'Leave it out' }).click();
    expect(await page.getByRole('status').textContent()).toContain('out of quarantine');
    expect(await page.getByText('Nothing waits.').count()).toBe(1);
    await page.context().close();
  });
});
