import type { PublishedView } from '../projection.ts';

/** What is watched, for tools that speak SQL. */
export const watchesPublished: PublishedView = {
  name: 'kpi_watches',
  about: 'One row per watch: which KPI is asked again whenever something happened, and what raises an alert',
  from: 'watches',
  columns: {
    watch_id: { about: 'Id of the watch; joins the alerts' },
    name: { about: 'What people call it' },
    kpi: { about: 'KPI that is watched' },
    period: {
      about: 'Period by which it is asked: day, week, month, quarter, year; null for one number over everything',
    },
    condition: { about: 'threshold, or cusum for a change of level' },
    side: { about: 'Where the alert is: below, above or both' },
    level: { about: 'Number whose crossing raises an alert; null for a change of level' },
    clear_at: { about: 'Number at which the alert ends; null for a change of level' },
    version: { about: 'Counts the changes after which other numbers or other limits are judged' },
    removed: { about: 'Whether it is not watched any more' },
  },
};

/** What the watches found. */
export const alertsPublished: PublishedView = {
  name: 'kpi_alerts',
  about: 'One row per alert: the number that met the condition of a watch, and what became of it',
  from: 'kpi_alerts',
  columns: {
    alert_id: { about: 'Id of the alert' },
    watch_id: { about: 'Watch that found it' },
    name: { about: 'What the watch was called' },
    version: { about: 'Version of the watch that it was judged by' },
    kpi: { about: 'KPI' },
    period: { about: 'Period of the number, e.g. 2026-W09; null for one number over everything' },
    side: { about: 'below or above' },
    value: { about: 'The number' },
    num: { about: 'Its numerator' },
    den: { about: 'Its denominator' },
    judged_at: { about: 'Position of the log up to which was counted' },
    judged_on: { about: 'Local date on which it was judged' },
    status: { about: 'open or cleared' },
    raised_at: { about: 'When it was raised' },
    told_at: { about: 'When those who are to be told were told that it was raised' },
    acknowledged_at: { about: 'When somebody said that they take care of it' },
    cleared_at: { about: 'When it ended' },
    because: { about: 'Why it ended: recovered, watch-changed or watch-removed' },
  },
};
