import type { Static } from 'typebox';
import { type Reading, watchDefinition } from '../../events/catalog/alert.ts';
import { closed } from '../../events/catalog/definition.ts';
import { Code } from '../../events/catalog/terms.ts';

/** What people ask of a watch. The schemas are HTTP bodies as well. */
export const DefineWatch = closed({ watchId: Code, ...watchDefinition });
export const ChangeWatch = closed(watchDefinition);

/** What the watcher asks: it names the version of the watch that it judged by. */
export interface RaiseAlert {
  readonly version: number;
  readonly reading: Reading;
}

export interface ClearAlert extends RaiseAlert {
  readonly alertId: string;
}

export type WatchCommand =
  | { readonly kind: 'define'; readonly body: Static<typeof DefineWatch> }
  | { readonly kind: 'change'; readonly body: Static<typeof ChangeWatch> }
  | { readonly kind: 'remove' }
  | { readonly kind: 'acknowledge'; readonly alertId: string }
  | { readonly kind: 'told'; readonly alertId: string; readonly of: 'raised' | 'cleared' }
  | { readonly kind: 'raise'; readonly body: RaiseAlert }
  | { readonly kind: 'clear'; readonly body: ClearAlert };
