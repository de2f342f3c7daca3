import type { DomainEvent } from '../../events/decode.ts';
import type { AttributeValue, Reference, Told } from './model.ts';

/** Collects what one event says. */
export class Telling implements Told {
  readonly attributes: Record<string, AttributeValue>;
  readonly relations: [Reference, string][] = [];
  readonly changes: [Reference, string, AttributeValue][] = [];
  readonly links: [Reference, Reference, string][] = [];
  readonly order: Reference;
  readonly #quantities: Map<string, number>;

  constructor({ metadata, stream }: Pick<DomainEvent, 'metadata' | 'stream'>, quantities: Map<string, number>) {
    this.#quantities = quantities;
    this.order = orderOf(stream);
    this.attributes = { actor_kind: metadata.actor.kind, via: metadata.actor.via };
    if (metadata.reason) this.attributes.reason = metadata.reason.code;
  }

  /** Took part; the first qualifier of an object stays. */
  part(object: Reference, qualifier: string): Reference {
    if (!this.relations.some(([known]) => known.id === object.id)) this.relations.push([object, qualifier]);
    return object;
  }

  customer(id: string): Reference {
    return this.part({ type: 'customer', id: `customer:${id}` }, 'customer');
  }

  item(sku: string): Reference {
    return this.part({ type: 'item', id: `item:${sku}` }, 'item');
  }

  shipment(id: string): Reference {
    return this.part({ type: 'shipment', id: `shipment:${id}` }, 'shipment');
  }

  line(lineNo: number): Reference {
    return this.part({ type: 'line', id: `line:${idWithin(this.order)}/${lineNo}` }, 'line');
  }

  scheduleLine(id: string): Reference {
    return this.part({ type: 'schedule-line', id: `schedule-line:${idWithin(this.order)}/${id}` }, 'schedule line');
  }

  link(from: Reference, to: Reference, qualifier: string): void {
    this.links.push([from, to, qualifier]);
  }

  change(object: Reference, name: string, value: AttributeValue | undefined): void {
    if (value !== undefined) this.changes.push([object, name, value]);
  }

  /** A quantity grew or shrank. In floats: an event log for mining is no ledger. */
  move(object: Reference, by: number): void {
    const quantity = (this.#quantities.get(object.id) ?? 0) + by;
    this.#quantities.set(object.id, quantity);
    this.change(object, 'quantity', quantity);
  }
}

export const orderOf = (stream: string): Reference => ({ type: 'order', id: `order:${stream.slice('order-'.length)}` });
const idWithin = (order: Reference): string => order.id.slice('order:'.length);
