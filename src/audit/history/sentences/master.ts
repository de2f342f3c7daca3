import type { MasterFact } from '../../../events/catalog/index.ts';
import { dateText, listText, typeText, valueText } from '../../words.ts';
import type { Phrases } from './phrase.ts';

type Kind = MasterFact['type'] extends infer Type ? (Type extends `${infer Name}Specified` ? Name : never) : never;

/** What the things are called; a missing one does not compile. */
const names: Readonly<Record<Kind, string>> = {
  Account: 'the conditions of account',
  BillOfMaterial: 'bill of material',
  Carrier: 'carrier',
  ExchangeRate: 'exchange rate',
  ExportBan: 'export restriction',
  Item: 'item',
  PaymentTerms: 'payment terms',
  PriceList: 'price list',
  Promotion: 'promotion',
  Resource: 'resource',
  Routing: 'routing',
  Site: 'site',
  Supplier: 'supplier',
  Surcharge: 'surcharge',
  TaxRate: 'tax rate',
  WorkCalendar: 'working calendar',
  ConfigurationModel: 'configuration model',
};

interface Version {
  readonly id: string;
  readonly effectiveFrom: string;
  readonly specification?: object;
}

const specified = (name: string) => (version: Version) =>
  `laid down ${name} ${version.id} from ${dateText(version.effectiveFrom)} on${contents(version.specification ?? {})}`;

const withdrawn = (name: string) => (version: Version) =>
  `withdrew ${name} ${version.id} from ${dateText(version.effectiveFrom)} on`;

/** Plain values as they are, of lists how much is in them; the rest is in the raw data. */
function contents(specification: object): string {
  const told = Object.entries(specification).flatMap(([field, value]) => {
    const name = typeText(field).toLowerCase();
    if (Array.isArray(value)) return [`${value.length} ${name}`];
    return typeof value === 'object' ? [] : [`${name} ${valueText(value)}`];
  });
  return told.length === 0 ? '' : `, with ${listText(told)}`;
}

export const masterPhrases = Object.fromEntries(
  Object.entries(names).flatMap(([kind, name]) => [
    [`${kind}Specified`, specified(name)],
    [`${kind}Withdrawn`, withdrawn(name)],
  ]),
) as unknown as Phrases<MasterFact>;
