import { contactAggregate } from '../commands/contact/aggregate.ts';
import { hidden } from '../commands/contact/commands.ts';
import type { CommandHandler, CommandMeta } from '../commands/handle.ts';
import { uuidv5 } from '../values/ids.ts';
import { customers } from './factory.ts';
import { SimulationRefused } from './play.ts';

/** One person at each simulated customer, all of them invented: who takes the goods in. */

const namespace = '7b0c2a6e-0d55-5f0e-8c41-52d1b6a9e3f7';

export const contactIdIn = (customerId: string): string => uuidv5(namespace, `contact/${customerId}`);

const names = [
  ['Imke Harmsen', 'Fährstraße 12', '28195', 'Bremen'],
  ['Konrad Weidlich', 'Am Moorbach 3', '73430', 'Aalen'],
  ['Solène Tavernier', '4 rue des Prés', '35000', 'Rennes'],
  ['Priya Hallworth', '17 Quarry Lane', 'LS1 4AP', 'Leeds'],
  ['Sindre Aasheim', 'Fjellveien 8', '5019', 'Bergen'],
  ['Maja Brorsson', 'Massavägen 2', '852 29', 'Sundsvall'],
  ['Fiorenza Galdi', 'Via del Porto 21', '80133', 'Napoli'],
  ['Iker Etxaburu', 'Calle del Norte 40', '48001', 'Bilbao'],
  ['Reto Hunziker', 'Hutbachweg 5', '8400', 'Winterthur'],
  ['Denise Okafor', '900 Lakeshore Dr', '60611', 'Chicago'],
  ['Caleb Thornbury', '12 Granite Way', '94110', 'San Francisco'],
  ['Rosalind Peck', '88 Quill St', '10013', 'New York'],
  ['Étienne Laframboise', '310 rue du Quai', 'H2Y 1C6', 'Montréal'],
  ['Thaís Menegotto', 'Rua das Bombas 77', '80010', 'Curitiba'],
  ['Haruka Minamide', '2-4-1 Kirishima', '892-0842', 'Kagoshima'],
  ['Ananya Deshpande', '5 Godavari Road', '422001', 'Nashik'],
  ['Lim Zhi Hao', '30 Straits View', '018935', 'Singapore'],
  ['Bronte Gallagher', '6 Wollemi Close', '2000', 'Sydney'],
] as const;

/** Adds the contacts; those that are known, or were erased, stay as they are. Gives the number of events. */
export async function registerContacts({ handler }: { readonly handler: CommandHandler }, at: string): Promise<number> {
  let events = 0;
  for (const [index, { customerId, country }] of customers.entries()) {
    const contactId = contactIdIn(customerId);
    const { state } = await handler.load(contactAggregate, contactId);
    const [name, street, postcode, city] = names[index % names.length] ?? names[0];
    if (state !== null) continue;
    const meta: CommandMeta = {
      commandId: contactId,
      actor: { kind: 'system', id: 'simulation', via: 'simulation' },
      occurredAt: at,
      recordedAt: at,
    };
    const details = hidden(contactId, {
      ...{ name, role: 'goods-in', phone: `+49 30 5550${100 + index}` },
      email: `goods-in@${customerId.toLowerCase()}.example`,
      address: { lines: [street], postcode, city, country },
    });
    const command = { kind: 'add', contactId, customerId, customerKnown: true, body: details } as const;
    const outcome = await handler.execute(contactAggregate, contactId, command, meta);
    if (outcome.kind === 'refused') throw new SimulationRefused(`contact of ${customerId}`, outcome.refusal);
    events += outcome.events.length;
  }
  return events;
}
