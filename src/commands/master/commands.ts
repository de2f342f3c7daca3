import type { MasterKind, Specification } from '../../events/catalog/master/index.ts';

/** What may be asked of a thing of master data. `effectiveFrom` is today (UTC) if left out. */
export type MasterCommand<Kind extends MasterKind = MasterKind> =
  | {
      readonly kind: 'specify';
      readonly body: {
        readonly id: string;
        readonly effectiveFrom?: string;
        readonly specification: Specification<Kind>;
      };
    }
  | { readonly kind: 'withdraw'; readonly body: { readonly effectiveFrom?: string } };
