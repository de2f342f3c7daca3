import type { Static } from 'typebox';
import type { FactOf } from '../definition.ts';
import {
  Account,
  ExchangeRate,
  ExportBan,
  PaymentTerms,
  PriceList,
  Promotion,
  Surcharge,
  TaxRate,
} from './commerce.ts';
import { BillOfMaterial, Item, Routing } from './goods.ts';
import { ConfigurationModel } from './model.ts';
import { Carrier, Resource, Site, Supplier, WorkCalendar } from './places.ts';

/** Every kind of master data, by the family of its streams: `item-{id}`. */
export const master = {
  item: Item,
  bom: BillOfMaterial,
  routing: Routing,
  model: ConfigurationModel,
  calendar: WorkCalendar,
  site: Site,
  resource: Resource,
  supplier: Supplier,
  carrier: Carrier,
  account: Account,
  terms: PaymentTerms,
  pricelist: PriceList,
  promotion: Promotion,
  surcharge: Surcharge,
  taxrate: TaxRate,
  exchangerate: ExchangeRate,
  exportban: ExportBan,
} as const;

export type MasterKind = keyof typeof master;

export const masterEvents = Object.values(master).flatMap(({ specified, withdrawn }) => [specified, withdrawn]);

export type MasterFact = FactOf<(typeof master)[MasterKind]['specified'] | (typeof master)[MasterKind]['withdrawn']>;

/** What holds of a thing of this kind. */
export type Specification<Kind extends MasterKind> = Static<(typeof master)[Kind]['specification']>;
