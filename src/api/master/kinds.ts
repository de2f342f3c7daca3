import type { MasterKind } from '../../events/catalog/master/index.ts';

/** Where each kind of master data lies, and what people call one of it. */
export const masterPaths: { readonly [Kind in MasterKind]: { readonly path: string; readonly thing: string } } = {
  item: { path: 'items', thing: 'item' },
  bom: { path: 'bills-of-material', thing: 'bill of material' },
  routing: { path: 'routings', thing: 'routing' },
  model: { path: 'configuration-models', thing: 'configuration model' },
  calendar: { path: 'calendars', thing: 'working calendar' },
  site: { path: 'sites', thing: 'site' },
  resource: { path: 'resources', thing: 'resource' },
  supplier: { path: 'suppliers', thing: 'supplier' },
  carrier: { path: 'carriers', thing: 'carrier' },
  account: { path: 'accounts', thing: 'customer account' },
  terms: { path: 'payment-terms', thing: 'payment terms' },
  pricelist: { path: 'price-lists', thing: 'price list' },
  promotion: { path: 'promotions', thing: 'promotion' },
  surcharge: { path: 'surcharges', thing: 'surcharge' },
  taxrate: { path: 'tax-rates', thing: 'tax rate' },
  exchangerate: { path: 'exchange-rates', thing: 'exchange rate' },
  exportban: { path: 'export-restrictions', thing: 'export restriction' },
};
