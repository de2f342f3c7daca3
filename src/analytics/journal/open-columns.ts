import type { Position } from '../../events/envelope.ts';
import type { RawEvent } from '../../events/log/bulk.ts';
import type { EventColumns, Texts } from './columns.ts';

/** Texts that grow. What was given out stays valid: bytes that are written are never written again. */
class OpenTexts {
  #bytes = Buffer.allocUnsafeSlow(2 ** 12);
  readonly #offsets: Int32Array;
  #count = 0;
  length = 0;

  constructor(capacity: number) {
    this.#offsets = new Int32Array(capacity + 1);
  }

  addText(text: string): void {
    this.#reserve(3 * text.length);
    this.#end(this.#bytes.write(text, this.length, 'utf8'));
  }

  addBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.#end(bytes.length);
  }

  snapshot(): Texts {
    return { offsets: this.#offsets.subarray(0, this.#count + 1), bytes: this.#bytes.subarray(0, this.length) };
  }

  #end(added: number): void {
    this.length += added;
    this.#count += 1;
    this.#offsets[this.#count] = this.length;
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }
}

const there = (bits: Uint8Array, index: number): void => {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
};

/** Two 32-bit words, because a BigInt for every instant costs three times as much. */
function writeInstant(words: Int32Array, index: number, milliseconds: number): void {
  words[2 * index] = milliseconds;
  words[2 * index + 1] = Math.floor(milliseconds / 2 ** 32);
}

/** The batch that is being gathered. Takes events of the types it knows, up to its capacity. */
export class OpenColumns {
  readonly words: readonly string[];
  readonly #capacity: number;
  readonly #codes: ReadonlyMap<string, number>;
  readonly #position: OpenTexts;
  readonly #stream: OpenTexts;
  readonly #eventId: OpenTexts;
  readonly #orderNo: OpenTexts;
  readonly #data: OpenTexts;
  readonly #metadata: OpenTexts;
  readonly #revision: Int32Array;
  readonly #type: Int16Array;
  readonly #lineNo: Int32Array;
  readonly #orderNoThere: Uint8Array;
  readonly #lineNoThere: Uint8Array;
  readonly #occurredAt: Int32Array;
  readonly #recordedAt: Int32Array;
  events = 0;
  /** Position of the last event. */
  last: Position | undefined;

  constructor(words: readonly string[], capacity: number) {
    this.words = words;
    this.#capacity = capacity;
    this.#codes = new Map(words.map((word, code) => [word, code]));
    this.#position = new OpenTexts(capacity);
    this.#stream = new OpenTexts(capacity);
    this.#eventId = new OpenTexts(capacity);
    this.#orderNo = new OpenTexts(capacity);
    this.#data = new OpenTexts(capacity);
    this.#metadata = new OpenTexts(capacity);
    this.#revision = new Int32Array(capacity);
    this.#type = new Int16Array(capacity);
    this.#lineNo = new Int32Array(capacity);
    this.#orderNoThere = new Uint8Array((capacity + 7) >> 3);
    this.#lineNoThere = new Uint8Array((capacity + 7) >> 3);
    this.#occurredAt = new Int32Array(2 * capacity);
    this.#recordedAt = new Int32Array(2 * capacity);
  }

  /** Of text and JSON, which is nearly all. */
  get bytes(): number {
    return this.#data.length + this.#metadata.length + this.#stream.length + this.#position.length;
  }

  knows(type: string): boolean {
    return this.#codes.has(type);
  }

  append(event: RawEvent): void {
    const index = this.events;
    const code = this.#codes.get(event.type);
    if (code === undefined || index === this.#capacity) throw new RangeError(`No room for an event ${event.type}`);
    this.#position.addText(event.position);
    this.#stream.addText(event.stream);
    this.#eventId.addText(event.eventId);
    this.#orderNo.addText(event.orderNo ?? '');
    if (event.orderNo !== null) there(this.#orderNoThere, index);
    this.#data.addBytes(event.data);
    this.#metadata.addBytes(event.metadata);
    this.#revision[index] = event.revision;
    this.#type[index] = code;
    this.#lineNo[index] = event.lineNo ?? 0;
    if (event.lineNo !== null) there(this.#lineNoThere, index);
    writeInstant(this.#occurredAt, index, event.occurredAt);
    writeInstant(this.#recordedAt, index, event.recordedAt);
    this.events = index + 1;
    this.last = event.position;
  }

  /** The events so far; events that come later do not change it. */
  snapshot(): EventColumns {
    const { events, words } = this;
    const bits = (column: Uint8Array) => column.slice(0, (events + 7) >> 3);
    return {
      events,
      words,
      position: this.#position.snapshot(),
      stream: this.#stream.snapshot(),
      revision: this.#revision.subarray(0, events),
      eventId: this.#eventId.snapshot(),
      type: this.#type.subarray(0, events),
      orderNoThere: bits(this.#orderNoThere),
      orderNo: this.#orderNo.snapshot(),
      lineNoThere: bits(this.#lineNoThere),
      lineNo: this.#lineNo.subarray(0, events),
      occurredAt: this.#occurredAt.subarray(0, 2 * events),
      recordedAt: this.#recordedAt.subarray(0, 2 * events),
      data: this.#data.snapshot(),
      metadata: this.#metadata.snapshot(),
    };
  }
}
