import type { AlertFact } from '../../../events/catalog/index.ts';
import { codeText } from '../../words.ts';
import type { DataOf, Phrases } from './phrase.ts';

function conditionText(condition: DataOf<'KpiAlertRaised'>['condition']): string {
  if (condition.kind === 'threshold') return `${condition.side} ${condition.level}`;
  const { from, to } = condition.baseline;
  const side = condition.side === 'both' ? 'in either direction' : condition.side;
  return `away from its level of ${from} to ${to}, ${side}`;
}

const inPeriod = (period: string | undefined): string => (period === undefined ? '' : ` in ${period}`);

const endings = {
  recovered: 'because the number recovered',
  'watch-changed': 'because the watch was changed',
  'watch-removed': 'because the watch was removed',
} as const;

export const watchPhrases: Phrases<AlertFact> = {
  WatchDefined: ({ watchId, definition }) =>
    `began to watch ${codeText(definition.question.kpi)} for being ${conditionText(definition.condition)} (watch ${watchId}, "${definition.name}")`,
  WatchChanged: ({ watchId, version, definition }) =>
    `changed watch ${watchId}: ${codeText(definition.question.kpi)} ${conditionText(definition.condition)} (version ${version}, "${definition.name}")`,
  WatchRemoved: ({ watchId }) => `ended watch ${watchId}`,
  KpiAlertRaised: ({ watchId, alertId, name, question, condition, reading }) =>
    `raised alert ${alertId} of watch ${watchId} ("${name}"): ${codeText(question.kpi)} was ${reading.value}${inPeriod(reading.period)}, and that is ${conditionText(condition)}`,
  KpiAlertCleared: ({ watchId, alertId, because, reading }) => {
    const now = reading === undefined ? '' : `; it is now ${reading.value}${inPeriod(reading.period)}`;
    return `ended alert ${alertId} of watch ${watchId} ${endings[because]}${now}`;
  },
  AlertAcknowledged: ({ watchId, alertId }) => `took on alert ${alertId} of watch ${watchId}`,
  AlertNoticeGiven: ({ watchId, alertId, of }) => `gave notice that alert ${alertId} of watch ${watchId} was ${of}`,
};
