/** A small maker of pumps and valves and the companies that buy from it. All of them are invented. */

export interface Customer {
  readonly customerId: string;
  readonly name: string;
  readonly zone: string;
  readonly country: string;
  readonly group: string;
  readonly currency: string;
  readonly region: string;
  /** Calendar days that goods are under way. */
  readonly transit: number;
  /** Whom to ask at the place of delivery, where contacts are simulated. */
  readonly contactId?: string;
}

export interface Item {
  readonly sku: string;
  readonly description: string;
  readonly family: string;
  /** Made to stock: leaves within days. Made to order: is built first. */
  readonly supply: 'stock' | 'order';
  /** Euro per piece. */
  readonly price: number;
  readonly usualQuantity: number;
}

export const plantZone = 'Europe/Berlin';

/** Units of the currency per euro; the simulated price list is fixed. */
export const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 1.1, GBP: 0.86, CHF: 0.95, SEK: 11.2 };

const customer = (
  customerId: string,
  name: string,
  [zone, country, region]: readonly [string, string, string],
  [group, currency, transit]: readonly [string, string, number],
): Customer => ({ customerId, name, zone, country, region, group, currency, transit });

export const customers: readonly [Customer, ...Customer[]] = [
  customer('C-1001', 'Nordhafen Schiffstechnik GmbH', ['Europe/Berlin', 'Germany', 'EMEA'], ['marine', 'EUR', 1]),
  customer('C-1002', 'Moorbach Papierwerke AG', ['Europe/Berlin', 'Germany', 'EMEA'], ['process', 'EUR', 1]),
  customer('C-1003', 'Laiterie du Val Clair SA', ['Europe/Paris', 'France', 'EMEA'], ['food', 'EUR', 2]),
  customer('C-1004', 'Brightwater Utilities Ltd', ['Europe/London', 'United Kingdom', 'EMEA'], ['water', 'GBP', 3]),
  customer('C-1005', 'Fjellvik Kraft AS', ['Europe/Oslo', 'Norway', 'EMEA'], ['energy', 'EUR', 3]),
  customer('C-1006', 'Sundsborg Massa AB', ['Europe/Stockholm', 'Sweden', 'EMEA'], ['process', 'SEK', 3]),
  customer('C-1007', 'Officine Meridiane S.p.A.', ['Europe/Rome', 'Italy', 'EMEA'], ['machinery', 'EUR', 2]),
  customer('C-1008', 'Cooperativa Aguas del Norte', ['Europe/Madrid', 'Spain', 'EMEA'], ['water', 'EUR', 3]),
  customer('C-1009', 'Hutbach Feinmechanik AG', ['Europe/Zurich', 'Switzerland', 'EMEA'], ['machinery', 'CHF', 2]),
  customer(
    'C-1010',
    'Lakeshore Process Systems Inc.',
    ['America/Chicago', 'United States', 'AMER'],
    ['process', 'USD', 6],
  ),
  customer(
    'C-1011',
    'Granite Bay Brewing Supply',
    ['America/Los_Angeles', 'United States', 'AMER'],
    ['food', 'USD', 7],
  ),
  customer('C-1012', 'Quillback Pump & Valve Co.', ['America/New_York', 'United States', 'AMER'], ['trade', 'USD', 5]),
  customer('C-1013', 'Aciers du Saint-Laurent', ['America/Toronto', 'Canada', 'AMER'], ['energy', 'USD', 6]),
  customer('C-1014', 'Hidraulica Paranaense Ltda', ['America/Sao_Paulo', 'Brazil', 'AMER'], ['trade', 'USD', 9]),
  customer('C-1015', 'Kirishima Fluid Works KK', ['Asia/Tokyo', 'Japan', 'APAC'], ['machinery', 'USD', 8]),
  customer('C-1016', 'Godavari Irrigation Ltd', ['Asia/Kolkata', 'India', 'APAC'], ['water', 'USD', 9]),
  customer('C-1017', 'Straits Marine Services Pte', ['Asia/Singapore', 'Singapore', 'APAC'], ['marine', 'USD', 8]),
  customer('C-1018', 'Wollemi Water Pty', ['Australia/Sydney', 'Australia', 'APAC'], ['water', 'USD', 10]),
];

const item = (
  sku: string,
  description: string,
  [family, supply]: readonly [string, Item['supply']],
  [price, usualQuantity]: readonly [number, number],
): Item => ({ sku, description, family, supply, price, usualQuantity });

export const items: readonly [Item, ...Item[]] = [
  item('PU-100', 'Centrifugal pump 1.1 kW', ['pumps', 'stock'], [412, 3]),
  item('PU-150', 'Centrifugal pump 1.5 kW', ['pumps', 'stock'], [486, 3]),
  item('PU-300', 'Centrifugal pump 3 kW, stainless', ['pumps', 'order'], [1240, 2]),
  item('PU-750', 'Multistage pump 7.5 kW', ['pumps', 'order'], [3890, 1]),
  item('PU-DOS', 'Dosing pump 12 l/h', ['pumps', 'stock'], [268.5, 4]),
  item('VA-025', 'Ball valve DN25', ['valves', 'stock'], [23.4, 40]),
  item('VA-050', 'Ball valve DN50', ['valves', 'stock'], [41.9, 24]),
  item('VA-100', 'Butterfly valve DN100', ['valves', 'stock'], [88.75, 12]),
  item('VA-200A', 'Butterfly valve DN200, actuated', ['valves', 'order'], [964, 2]),
  item('SK-010', 'Skid with two pumps and control', ['systems', 'order'], [14_800, 1]),
  item('SK-020', 'Dosing station, 200 l tank', ['systems', 'order'], [6_350, 1]),
  item('CT-200', 'Pump controller', ['controls', 'stock'], [329, 5]),
  item('SE-PT1', 'Pressure transmitter 0-10 bar', ['controls', 'stock'], [97.2, 10]),
  item('SP-SEAL', 'Mechanical seal kit', ['spares', 'stock'], [36.8, 15]),
  item('SP-IMP', 'Impeller, stainless', ['spares', 'stock'], [112, 6]),
  item('SP-GSK', 'Gasket set', ['spares', 'stock'], [4.95, 100]),
];
