import type { AlertFact } from '../../events/catalog/alert.ts';
import { rememberedAlerts, type Watch, type WatchedAlert, type WatchState } from './state.ts';

/** Folds one fact of a watch. Throws on facts of other families, and on any fact before the watch is defined. */
export function evolve(state: WatchState, fact: AlertFact): Watch {
  if (fact.type === 'WatchDefined') {
    const { watchId, version, definition } = fact.data;
    return { watchId, version, definition, removed: false, judged: null, alerts: state?.alerts ?? [] };
  }
  if (state === null) throw new Error(`${fact.type} is not the first fact of a watch`);
  switch (fact.type) {
    case 'WatchChanged': {
      const { version, definition } = fact.data;
      return { ...state, version, definition, judged: version === state.version ? state.judged : null };
    }
    case 'WatchRemoved':
      return { ...state, removed: true };
    case 'KpiAlertRaised': {
      const { alertId, reading } = fact.data;
      const raised = { alertId, period: reading.period ?? '', open: true, acknowledged: false };
      return { ...state, judged: momentOf(reading), alerts: remembered([...state.alerts, raised]) };
    }
    case 'KpiAlertCleared': {
      const { alertId, reading } = fact.data;
      const judged = reading ? momentOf(reading) : state.judged;
      return { ...state, judged, alerts: changed(state.alerts, alertId, { open: false }) };
    }
    case 'AlertAcknowledged':
      return { ...state, alerts: changed(state.alerts, fact.data.alertId, { acknowledged: true }) };
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

function remembered(alerts: readonly WatchedAlert[]): readonly WatchedAlert[] {
  let tooMany = alerts.length - rememberedAlerts;
  if (tooMany <= 0) return alerts;
  return alerts.filter(({ open }) => {
    if (open || tooMany <= 0) return true;
    tooMany -= 1;
    return false;
  });
}
