import { seededRandom } from '../../src/simulate/random.ts';

/** What the columns of `historyCsv` mean. */
export const historyMapping = {
  name: 'generated',
  dates: { formats: ['iso'], zone: 'Europe/Berlin' },
  order: { key: 'Order', currency: { value: 'EUR' }, dimensions: { route: 'Route' } },
  customer: { id: 'Customer', zone: { value: 'Europe/Berlin' } },
  line: { number: 'Pos', sku: 'Item', quantity: 'Qty' },
  milestones: {
    ordered: 'Ordered',
    shipped: 'Shipped',
    delivered: { column: 'Arrived', recorded: 'Scanned' },
  },
  promises: [{ deliverOn: 'Promise' }],
  shipment: { key: 'Note' },
} as const;

const day = (n: number) => new Date(Date.UTC(2025, 0, n)).toISOString().slice(0, 10);

/** Order history as a company would hand it over: 1 to 4 lines an order, some late, some not delivered yet. */
export function historyCsv(seed: string, orders: number): string {
  const random = seededRandom(seed);
  const rows = ['Order,Pos,Customer,Route,Item,Qty,Ordered,Promise,Shipped,Arrived,Scanned,Note'];
  for (let n = 1; n <= orders; n += 1) {
    const [customer, route] = [random.between(1, 12), random.pick(['direct', 'stock'])];
    const ordered = random.between(1, 300);
    for (let line = 1; line <= random.between(1, 4); line += 1) {
      const promise = ordered + random.between(3, 30);
      const arrived = promise + random.between(-3, 4);
      const open = random.chance(0.1);
      const dates = [
        day(ordered),
        day(promise),
        ...(open ? ['', '', ''] : [day(arrived - 2), day(arrived), day(arrived + 1)]),
      ];
      const cells = [`G-${n}`, line, `CUST-${customer}`, route, `ITEM-${random.between(1, 50)}`, random.between(1, 90)];
      rows.push([...cells, ...dates, open ? '' : `N-${n}-${line}`].join(','));
    }
  }
  return `${rows.join('\n')}\n`;
}
