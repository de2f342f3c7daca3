/** The parts of the auditor's pages, in the order in which they are offered. */
export const auditSections = [
  { path: '/audit', title: 'Orders' },
  { path: '/audit/events', title: 'Event log' },
  { path: '/audit/certificates', title: 'Replay' },
  { path: '/audit/quarantine', title: 'Quarantine' },
] as const;

export type AuditPath = (typeof auditSections)[number]['path'];
