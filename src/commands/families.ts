import type { Fact } from '../events/catalog/index.ts';
import { type MasterKind, master } from '../events/catalog/master/index.ts';
import { accessAggregate } from './access/aggregate.ts';
import { contactAggregate } from './contact/aggregate.ts';
import { customerAggregate } from './customer/aggregate.ts';
import type { Aggregate } from './decider.ts';
import { masterAggregate } from './master/aggregate.ts';
import { orderAggregate } from './order/aggregate.ts';
import { personAggregate } from './person/aggregate.ts';
import { quarantineAggregate } from './quarantine/aggregate.ts';
import { taskAggregate } from './task/aggregate.ts';
import { watchAggregate } from './watch/aggregate.ts';

/** An aggregate of which nothing is known but that it decides and evolves. */
export type AnyAggregate = Aggregate<unknown, unknown, Fact>;

/** The deciders of all families of streams, by family. */
export const families: ReadonlyMap<string, AnyAggregate> = new Map(
  [
    ...[orderAggregate, customerAggregate, contactAggregate, personAggregate, accessAggregate],
    ...[watchAggregate, taskAggregate, quarantineAggregate],
    ...(Object.keys(master) as MasterKind[]).map((kind) => masterAggregate(kind)),
  ].map((aggregate) => [aggregate.family, aggregate as unknown as AnyAggregate]),
);
