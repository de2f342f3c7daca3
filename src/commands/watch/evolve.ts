import type { AlertFact } from '../../events/catalog/alert.ts';
import {
  rememberedAlerts,
  rememberedUntold,
  type Untold,
  type Watch,
  type WatchedAlert,
  type WatchState,
} from './state.ts';

/** Folds one fact of a watch. Throws on facts of other families, and on any fact before the watch is defined. */
export function evolve(state: WatchState, fact: AlertFact): Watch {
  if (fact.type === 'WatchDefined') {
    const { watchId, version, definition } = fact.data;
    return { watchId, version, definition, removed: false, judged: null, alerts: state?.alerts ?? [], untold: [] };
  }
  if (state === null) throw new Error(`${fact.type} is not the first fact of a watch`);
  switch (fact.type) {
    case 'WatchChanged': {
      const { version, definition } = fact.data;
      return { ...state, version, definition, judged: version === state.version ? state.judged : null };
    }
    case 'WatchRemoved':
      return { ...state, removed: true, untold: [] };
    case 'KpiAlertRaised': {
      const { alertId, reading, name, question, tell } = fact.data;
      const raised = { alertId, period: reading.period ?? '', open: true, acknowledged: false };
      const untold = waiting(state.untold, { alertId, of: 'raised', name, kpi: question.kpi, tell, reading });
      return { ...state, judged: momentOf(reading), alerts: remembered([...state.alerts, raised]), untold };
    }
    case 'KpiAlertCleared': {
      const { alertId, reading } = fact.data;
      const judged = reading ? momentOf(reading) : state.judged;
      const { name, question, tell } = state.definition;
      const recovered = reading && ({ alertId, of: 'cleared', name, kpi: question.kpi, tell, reading } as const);
      const untold = recovered ? waiting(state.untold, recovered) : state.untold;
      return { ...state, judged, alerts: changed(state.alerts, alertId, { open: false }), untold };
    }
    case 'AlertAcknowledged':
      return { ...state, alerts: changed(state.alerts, fact.data.alertId, { acknowledged: true }) };
    case 'AlertNoticeGiven': {
      const { alertId, of } = fact.data;
      return { ...state, untold: state.untold.filter((one) => one.alertId !== alertId || one.of !== of) };
    }
    default:
      throw new Error(`${(fact as { type: string }).type} is not a fact of a watch`);
  }
}

const momentOf = ({ position, on }: { readonly position: string; readonly on: string }) => ({ position, on });

const changed = (
  alerts: readonly WatchedAlert[],
  alertId: string,
  change: Partial<WatchedAlert>,
): readonly WatchedAlert[] => alerts.map((alert) => (alert.alertId === alertId ? { ...alert, ...change } : alert));

const waiting = (untold: readonly Untold[], one: Untold): readonly Untold[] =>
  [...untold, one].slice(-rememberedUntold);

function remembered(alerts: readonly WatchedAlert[]): readonly WatchedAlert[] {
  let tooMany = alerts.length - rememberedAlerts;
  if (tooMany <= 0) return alerts;
  return alerts.filter(({ open }) => {
    if (open || tooMany <= 0) return true;
    tooMany -= 1;
    return false;
  });
}
