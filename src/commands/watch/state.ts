import type { Reading, WatchDefinition } from '../../events/catalog/alert.ts';

/** The newest moment that alerts of the watch were judged at: how much of the log was counted, and on which day. */
export type Moment = Pick<Reading, 'position' | 'on'>;

export interface WatchedAlert {
  readonly alertId: string;
  /** Empty for a watch without periods. */
  readonly period: string;
  readonly open: boolean;
  readonly acknowledged: boolean;
}

/** Something that happened to an alert and of which nobody was told yet. */
export interface Untold {
  readonly alertId: string;
  readonly of: 'raised' | 'cleared';
  readonly name: string;
  readonly kpi: string;
  readonly tell: readonly string[];
  readonly reading: Reading;
}

export interface Watch {
  readonly watchId: string;
  /** Counts the changes after which other numbers or other limits are judged. */
  readonly version: number;
  readonly definition: WatchDefinition;
  readonly removed: boolean;
  readonly judged: Moment | null;
  /** In the order in which they were raised; the oldest of those that are over are forgotten. */
  readonly alerts: readonly WatchedAlert[];
  /** In the order in which they happened; the oldest are forgotten. */
  readonly untold: readonly Untold[];
}

/** Null before it is defined. */
export type WatchState = Watch | null;

/** So many alerts are remembered, apart from the open ones. */
export const rememberedAlerts = 500;
/** So many notices wait to be given. */
export const rememberedUntold = 50;

export const openAlerts = (watch: Watch): readonly WatchedAlert[] => watch.alerts.filter(({ open }) => open);

/** Positions of one log compare as text, and so do days. */
export const isBefore = (one: Moment, other: Moment): boolean =>
  one.position === other.position ? one.on < other.on : one.position < other.position;
