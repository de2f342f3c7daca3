import type { MasterKind, Specification } from '../../events/catalog/master/index.ts';

/** What holds from a date on, until the next version; nothing does where it was withdrawn. */
export interface MasterVersion<Kind extends MasterKind = MasterKind> {
  readonly effectiveFrom: string;
  readonly specification?: Specification<Kind>;
  readonly recordedAt: string;
}

/** One thing of a kind with all its versions, in order of date; null before the first. */
export type MasterState<Kind extends MasterKind = MasterKind> = {
  readonly id: string;
  readonly versions: readonly MasterVersion<Kind>[];
} | null;

/** What holds on the local date; undefined before the first version and where it was withdrawn. */
export function holdsOn<Kind extends MasterKind>(
  state: MasterState<Kind> | undefined,
  date: string,
): Specification<Kind> | undefined {
  return versionOn(state, date)?.specification;
}

export function versionOn<Kind extends MasterKind>(
  state: MasterState<Kind> | undefined,
  date: string,
): MasterVersion<Kind> | undefined {
  return state?.versions.findLast(({ effectiveFrom }) => effectiveFrom <= date);
}
