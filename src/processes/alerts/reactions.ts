import { judge } from '../../analytics/alerts/judge.ts';
import type { KpiAnswer } from '../../analytics/query/answer.ts';
import type { WatchCommand } from '../../commands/watch/commands.ts';
import { openAlerts, type Watch } from '../../commands/watch/state.ts';
import { uuidv5 } from '../../values/ids.ts';

/** What the watcher asks for. The id derives from what was judged, so that nobody can ask for the same twice. */
export interface Reaction {
  readonly commandId: string;
  readonly command: Extract<WatchCommand, { kind: 'raise' | 'clear' }>;
}

const namespace = 'b4a1c0de-57f5-5d0b-9f3a-2f7d3a1e6c55';

/** Pure: a watch as it stands and the answer to its question give exactly these commands. */
export function reactionsTo(watch: Watch, answer: KpiAnswer): readonly Reaction[] {
  const open = new Map(openAlerts(watch).map(({ period, alertId }) => [period, alertId]));
  if (watch.removed) return [];
  const { watchId, version } = watch;
  return judge(watch.definition, answer, new Set(open.keys())).flatMap(({ period, met, reading }): Reaction[] => {
    const alertId = open.get(period);
    const idOf = (kind: string): string =>
      uuidv5(namespace, JSON.stringify([kind, watchId, version, period, reading.position, reading.on]));
    if (met && alertId === undefined)
      return [{ commandId: idOf('raise'), command: { kind: 'raise', body: { version, reading } } }];
    if (!met && alertId !== undefined)
      return [{ commandId: idOf('clear'), command: { kind: 'clear', body: { version, alertId, reading } } }];
    return [];
  });
}
