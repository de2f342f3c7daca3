import { type MasterFact, type MasterKind, master } from '../../events/catalog/master/index.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { localDateOf } from '../../values/dates.ts';
import { dateProblem, isRefused, pastInstant } from '../checks.ts';
import { type Aggregate, accept, type Decision, type DecisionContext, refuse } from '../decider.ts';
import { specificationProblem } from './checks.ts';
import type { MasterCommand } from './commands.ts';
import { type MasterState, type MasterVersion, versionOn } from './state.ts';

export type MasterAggregate<Kind extends MasterKind = MasterKind> = Aggregate<
  MasterState<Kind>,
  MasterCommand<Kind>,
  MasterFact
>;

/** Versions of one thing; more are a sign that something else is kept here. */
const mostVersions = 1_000;

function decide<Kind extends MasterKind>(
  kind: Kind,
  state: MasterState<Kind>,
  command: MasterCommand<Kind>,
  { now, occurredAt }: DecisionContext,
): Decision<MasterFact> {
  const time = pastInstant(occurredAt, now, '/occurredAt');
  if (isRefused(time)) return time;
  const { effectiveFrom = localDateOf(time, 'UTC') } = command.body;
  const impossible = dateProblem(effectiveFrom, '/effectiveFrom');
  if (impossible) return impossible;
  if (state && state.versions.length >= mostVersions)
    return refuse('master-too-many-versions', `There are ${mostVersions} versions of it already`);
  const known = versionOn(state, effectiveFrom);
  if (command.kind === 'withdraw') {
    if (!state) return refuse('master-unknown', 'There is nothing to withdraw');
    if (known && !known.specification) return accept();
    return accept({ type: master[kind].withdrawn.type, data: { id: state.id, effectiveFrom } });
  }
  const { id, specification } = command.body;
  const problem = specificationProblem(kind, specification);
  if (problem) return problem;
  if (known?.specification && canonicalJson(known.specification) === canonicalJson(specification)) return accept();
  return accept({ type: master[kind].specified.type, data: { id, effectiveFrom, specification } } as MasterFact);
}

function evolve<Kind extends MasterKind>(
  state: MasterState<Kind>,
  { data }: MasterFact,
  recordedAt: string,
): MasterState<Kind> {
  const { id, effectiveFrom } = data;
  const version = {
    effectiveFrom,
    ...('specification' in data && { specification: data.specification }),
    recordedAt,
  } as MasterVersion<Kind>;
  const others = (state?.versions ?? []).filter((one) => one.effectiveFrom !== effectiveFrom);
  const versions = [...others, version].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  return { id, versions };
}

/** Streams `{kind}-{id}`. Saying again what holds on that date anyway changes nothing. */
export function masterAggregate<Kind extends MasterKind>(kind: Kind): MasterAggregate<Kind> {
  return {
    family: kind,
    initial: null,
    decide: (state, command, context) => decide(kind, state, command, context),
    evolve: (state, fact, { recordedAt }) => evolve(state, fact, recordedAt),
    weight: (state) => 1 + (state?.versions.length ?? 0),
  };
}
