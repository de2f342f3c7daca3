import { type DomainEvent, decodeEvent } from '../../events/decode.ts';
import type { Recorded } from '../../events/envelope.ts';
import type { ReadModel } from './read-model.ts';

type Handler = (doc: unknown, event: DomainEvent) => unknown;

/** The documents of a read model, folded with its own handlers, in memory. */
export class Replay {
  readonly #model: ReadModel;
  readonly #handlers: Readonly<Record<string, Handler | undefined>>;
  readonly documents = new Map<string, unknown>();

  constructor(model: ReadModel) {
    this.#model = model;
    this.#handlers = model.handles as Readonly<Record<string, Handler | undefined>>;
  }

  /** The document that the event went into, before and after; both undefined if the read model is not interested in it. */
  fold(recorded: Recorded): { readonly before: unknown; readonly after: unknown } {
    const handler = this.#handlers[recorded.type];
    if (!handler) return { before: undefined, after: undefined };
    const event = decodeEvent(recorded);
    const key = this.#model.keyOf?.(event) ?? event.stream;
    const before = this.documents.get(key);
    const after = handler(before, event);
    this.documents.set(key, after);
    return { before, after };
  }
}
