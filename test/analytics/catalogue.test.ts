import { expect, test } from 'vitest';
import { openAnalytics } from '../../src/analytics/engine.ts';
import { kpiCatalogue } from '../../src/analytics/kpis/catalogue.ts';
import { bases, populations } from '../../src/analytics/kpis/kpi.ts';
import { catalog } from '../../src/events/catalog/index.ts';
import { memoryLog } from '../support/memory-log.ts';
import { typicalOrder } from '../support/order-history.ts';

/** Whoever makes the product record one of these events completes the KPIs that wait for it, and takes them off this list. */
const awaiting = {
  pick_accuracy: ['LinesPicked', 'PickShorted'],
  location_accuracy: ['DeliveryMisplaced'],
  source_time: ['MaterialRequested', 'StockReceived'],
  make_time: ['ProductionOrderReleased', 'ProductionCompleted'],
  stage_allocate_time: ['StockAllocated'],
  stage_release_time: ['ReleasedToWarehouse'],
  stage_pick_time: ['LinesPicked'],
  stage_pack_time: ['LinesPacked'],
  quote_conversion: ['QuoteSent', 'QuoteAccepted', 'QuoteDeclined', 'QuoteExpired'],
  return_rate: ['ReturnAuthorised', 'ReturnReceived'],
  dso: ['InvoiceIssued', 'PaymentReceived'],
  dso_countback: ['InvoiceIssued', 'PaymentReceived'],
  dso_best: ['InvoiceIssued', 'PaymentReceived'],
  invoice_accuracy: ['InvoiceIssued', 'DocumentDisputed', 'InvoiceCorrected'],
  order_to_cash: ['PaymentReceived'],
};

test('the KPIs that await events are these, and nothing records those events yet', () => {
  const found = kpiCatalogue.flatMap(({ id, awaits }) => (awaits ? [[id, [...awaits]]] : []));
  expect(Object.fromEntries(found)).toEqual(awaiting);
  const recorded = Object.values(awaiting)
    .flat()
    .filter((type) => catalog.has(type));
  expect(recorded).toEqual([]);
});

test('every KPI has one id, words for all that there is to say, and either a measure or events that it awaits', () => {
  expect(new Set(kpiCatalogue.map(({ id }) => id)).size).toBe(kpiCatalogue.length);
  expect(kpiCatalogue.length).toBeGreaterThan(45);
  for (const kpi of kpiCatalogue) {
    expect(kpi.id).toMatch(/^[a-z][a-z_]+(?:\.[a-z_]+)?$/);
    for (const text of [kpi.title, kpi.definition, kpi.formula, kpi.source])
      expect(text.length, kpi.id).toBeGreaterThan(2);
    expect((kpi.measure === undefined) === (kpi.awaits !== undefined), kpi.id).toBe(true);
    expect(kpi.grains.length * kpi.by.length, kpi.id).toBeGreaterThan(0);
  }
});

test('every KPI can be computed at every grain, basis, population and date that it offers', async () => {
  const log = memoryLog();
  for (const serial of [1, 5, 11]) {
    const { stream, events } = typicalOrder(serial);
    log.record(stream, ...events);
  }
  const analytics = await openAnalytics({ log, clock: () => '2026-03-01T00:00:00.000Z' });
  await analytics.waitFor(String(await log.head()), { timeoutMs: 10_000 });
  for (const kpi of kpiCatalogue.filter(({ awaits }) => !awaits)) {
    for (const grain of kpi.grains)
      for (const by of kpi.by)
        for (const basis of kpi.basis ? bases : (['commit'] as const))
          for (const population of kpi.population ? populations : (['due'] as const)) {
            const asked = {
              kpis: [kpi.id],
              grain,
              by,
              basis,
              population,
              group: ['month', 'region'],
              zone: 'Asia/Tokyo',
            };
            const { conventions } = await analytics.query(asked);
            expect(conventions).toMatchObject([{ kpi: kpi.id, grain, by, version: kpi.version }]);
          }
  }
  await analytics.close();
}, 60_000);
