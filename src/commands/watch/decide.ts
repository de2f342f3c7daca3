import type { AlertFact, WatchDefinition } from '../../events/catalog/alert.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { uuidv5 } from '../../values/ids.ts';
import { dateProblem, isRefused, pastInstant, zoneProblem } from '../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../decider.ts';
import type { ClearAlert, RaiseAlert, WatchCommand } from './commands.ts';
import { isBefore, openAlerts, type Watch, type WatchState } from './state.ts';

export function decide(state: WatchState, command: WatchCommand, context: DecisionContext): Decision<AlertFact> {
  const time = pastInstant(context.occurredAt, context.now, '/occurredAt');
  if (isRefused(time)) return time;
  if (command.kind === 'define') {
    const { watchId, ...definition } = command.body;
    return define(state, watchId, definition);
  }
  if (state === null) return refuse('watch-unknown', 'There is no such watch; define it first');
  switch (command.kind) {
    case 'change':
      return change(state, command.body);
    case 'remove':
      return remove(state);
    case 'acknowledge':
      return acknowledge(state, command.alertId);
    case 'told':
      return told(state, command);
    case 'raise':
      return raise(state, command.body, context);
    case 'clear':
      return clear(state, command.body);
  }
}

/** Defining again with the same data changes nothing. A removed watch may be defined again. */
function define(state: WatchState, watchId: string, definition: WatchDefinition): Decision<AlertFact> {
  const problem = definitionProblem(definition);
  if (problem) return problem;
  if (state === null || state.removed)
    return accept({ type: 'WatchDefined', data: { watchId, version: (state?.version ?? 0) + 1, definition } });
  if (same(state.definition, definition)) return accept();
  return refuse('watch-exists', `The watch ${watchId} is defined otherwise`, '/watchId');
}

function change(state: Watch, definition: WatchDefinition): Decision<AlertFact> {
  if (state.removed) return refuse('watch-removed', `The watch ${state.watchId} was removed`);
  const problem = definitionProblem(definition);
  if (problem) return problem;
  if (same(state.definition, definition)) return accept();
  const { watchId } = state;
  const judgedAlike = same(judgedBy(state.definition), judgedBy(definition));
  const version = judgedAlike ? state.version : state.version + 1;
  const changed = { type: 'WatchChanged', data: { watchId, version, definition } } as const;
  return accept(...(judgedAlike ? [] : allCleared(state, 'watch-changed')), changed);
}

function remove(state: Watch): Decision<AlertFact> {
  if (state.removed) return accept();
  return accept(...allCleared(state, 'watch-removed'), { type: 'WatchRemoved', data: { watchId: state.watchId } });
}

function acknowledge(state: Watch, alertId: string): Decision<AlertFact> {
  const alert = state.alerts.find((one) => one.alertId === alertId);
  if (!alert) return refuse('alert-unknown', `The watch ${state.watchId} remembers no alert ${alertId}`);
  return alert.acknowledged
    ? accept()
    : accept({ type: 'AlertAcknowledged', data: { watchId: state.watchId, alertId } });
}

/** What nobody waits to be told any more changes nothing: two processes may have told it. */
function told(state: Watch, { alertId, of }: Extract<WatchCommand, { kind: 'told' }>): Decision<AlertFact> {
  if (!state.untold.some((one) => one.alertId === alertId && one.of === of)) return accept();
  return accept({ type: 'AlertNoticeGiven', data: { watchId: state.watchId, alertId, of } });
}

/** One open alert for each period. What was judged by another version, or before what is known, changes nothing. */
function raise(state: Watch, { version, reading }: RaiseAlert, { commandId }: DecisionContext): Decision<AlertFact> {
  if (outdated(state, version, reading)) return accept();
  if (openAlerts(state).some(({ period }) => period === (reading.period ?? ''))) return accept();
  const { watchId, definition } = state;
  const { name, question, condition, tell } = definition;
  const alertId = uuidv5(commandId, 'alert');
  return accept({
    type: 'KpiAlertRaised',
    data: { watchId, alertId, version, name, question, condition, tell, reading },
  });
}

function clear(state: Watch, { version, alertId, reading }: ClearAlert): Decision<AlertFact> {
  if (outdated(state, version, reading)) return accept();
  if (!openAlerts(state).some((alert) => alert.alertId === alertId)) return accept();
  return accept({ type: 'KpiAlertCleared', data: { watchId: state.watchId, alertId, because: 'recovered', reading } });
}

const outdated = (state: Watch, version: number, reading: RaiseAlert['reading']): boolean =>
  state.removed || version !== state.version || (state.judged !== null && isBefore(reading, state.judged));

const allCleared = (state: Watch, because: 'watch-changed' | 'watch-removed'): readonly AlertFact[] =>
  openAlerts(state).map(({ alertId }) => ({
    type: 'KpiAlertCleared',
    data: { watchId: state.watchId, alertId, because },
  }));

const judgedBy = ({ question, condition, lookBack }: WatchDefinition) => ({ question, condition, lookBack });
const same = (one: object, other: object): boolean => canonicalJson(one) === canonicalJson(other);

function definitionProblem({ question, condition }: WatchDefinition): Refused | undefined {
  const zone = question.zone === undefined ? undefined : zoneProblem(question.zone, '/question/zone');
  if (zone) return zone;
  if (condition.kind === 'threshold') {
    const { side, level, clearAt = level } = condition;
    const inverted = side === 'below' ? clearAt < level : clearAt > level;
    if (!inverted) return undefined;
    return refuse(
      'hysteresis-inverted',
      `An alert raised ${side} ${level} cannot end at ${clearAt}; give the level or a better value`,
      '/condition/clearAt',
    );
  }
  const { from, to } = condition.baseline;
  const date = dateProblem(from, '/condition/baseline/from') ?? dateProblem(to, '/condition/baseline/to');
  if (date) return date;
  if (to < from)
    return refuse('baseline-inverted', `The baseline ends before it begins (${from})`, '/condition/baseline/to');
  if (question.period !== undefined) return undefined;
  return refuse('period-required', 'A change of level shows in a series; give a period', '/question/period');
}
