import type { Position } from '../../../events/envelope.ts';
import { TextStore } from '../text-store.ts';
import type { ChangeColumns, Utf8Column } from './change-columns.ts';

/** Numbers that grow at the end; what was given out stays valid. */
class Growing<A extends Float64Array | Int32Array | Uint8Array> {
  values: A;
  length = 0;
  readonly #create: (length: number) => A;

  constructor(create: (length: number) => A) {
    this.#create = create;
    this.values = create(64);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = this.#create(2 * this.length + 64);
      larger.set(this.values as never);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  /** Takes numbers over, which nobody else may write. */
  adopt(values: Float64Array | Int32Array | Uint8Array): void {
    this.values = values as A;
    this.length = values.length;
  }

  written(): A {
    return this.values.subarray(0, this.length) as A;
  }
}

const int32 = () => new Growing((length) => new Int32Array(length));
const uint8 = () => new Growing((length) => new Uint8Array(length));
const float64 = () => new Growing((length) => new Float64Array(length));

export interface Fixed {
  readonly position: Position;
  readonly occurredAt: number;
  readonly recordedAt: number;
}

/** Gathers changes. A row is begun, filled, and ended. */
export class ChangeWriter {
  readonly first: number;
  readonly #position = new TextStore();
  readonly #kind = uint8();
  readonly #flags = uint8();
  readonly #order = int32();
  readonly #occurredAt = float64();
  readonly #recordedAt = float64();
  readonly #codeEnds = int32();
  readonly #codes = int32();
  readonly #numberEnds = int32();
  readonly #numbers = float64();
  readonly #textEnds = int32();
  readonly #texts = new TextStore();

  /** `first`: number of the first event in the log. */
  constructor(first: number) {
    this.first = first;
    this.#codeEnds.push(0);
    this.#numberEnds.push(0);
    this.#textEnds.push(0);
  }

  /** Goes on after the rows that there are. */
  static over(columns: ChangeColumns): ChangeWriter {
    const writer = new ChangeWriter(columns.first);
    writer.#kind.adopt(columns.kind);
    writer.#flags.adopt(columns.flags);
    writer.#order.adopt(columns.order);
    writer.#occurredAt.adopt(columns.occurredAt);
    writer.#recordedAt.adopt(columns.recordedAt);
    writer.#codeEnds.adopt(columns.codeEnds);
    writer.#codes.adopt(columns.codes);
    writer.#numberEnds.adopt(columns.numberEnds);
    writer.#numbers.adopt(columns.numbers);
    writer.#textEnds.adopt(columns.textEnds);
    adoptTexts(writer.#texts, columns.texts);
    adoptTexts(writer.#position, columns.position);
    return writer;
  }

  get events(): number {
    return this.#kind.length;
  }

  code(code: number): void {
    this.#codes.push(code);
  }

  number(number: number): void {
    this.#numbers.push(number);
  }

  text(text: string): void {
    this.#texts.add(text);
  }

  /** What was written since the last row becomes a row. Gives its index. */
  end({ position, occurredAt, recordedAt }: Fixed, kind: number, flags: number, order: number): number {
    this.#position.add(position);
    this.#kind.push(kind);
    this.#flags.push(flags);
    this.#order.push(order);
    this.#occurredAt.push(occurredAt);
    this.#recordedAt.push(recordedAt);
    this.#codeEnds.push(this.#codes.length);
    this.#numberEnds.push(this.#numbers.length);
    this.#textEnds.push(this.#texts.length);
    return this.#kind.length - 1;
  }

  /** Forgets what was written since the last row. */
  drop(): void {
    this.#codes.length = this.#codeEnds.values[this.events] as number;
    this.#numbers.length = this.#numberEnds.values[this.events] as number;
    this.#texts.length = this.#textEnds.values[this.events] as number;
  }

  /** Forgets the last row. */
  takeBack(): void {
    for (const column of [this.#kind, this.#flags, this.#order, this.#occurredAt, this.#recordedAt]) column.length -= 1;
    for (const column of [this.#codeEnds, this.#numberEnds, this.#textEnds]) column.length -= 1;
    this.#position.length -= 1;
    this.drop();
  }

  clear(): void {
    while (this.events > 0) this.takeBack();
  }

  /** To read the last row at once, before anything else is written: longer than what is written. */
  raw(): ChangeColumns {
    return {
      events: this.events,
      first: this.first,
      position: this.#position,
      kind: this.#kind.values,
      flags: this.#flags.values,
      order: this.#order.values,
      occurredAt: this.#occurredAt.values,
      recordedAt: this.#recordedAt.values,
      codeEnds: this.#codeEnds.values,
      codes: this.#codes.values,
      numberEnds: this.#numberEnds.values,
      numbers: this.#numbers.values,
      textEnds: this.#textEnds.values,
      texts: this.#texts,
    };
  }

  /** The rows so far; rows that come later do not change it. */
  columns(): ChangeColumns {
    return {
      events: this.events,
      first: this.first,
      position: utf8(this.#position),
      kind: this.#kind.written(),
      flags: this.#flags.written(),
      order: this.#order.written(),
      occurredAt: this.#occurredAt.written(),
      recordedAt: this.#recordedAt.written(),
      codeEnds: this.#codeEnds.written(),
      codes: this.#codes.written(),
      numberEnds: this.#numberEnds.written(),
      numbers: this.#numbers.written(),
      textEnds: this.#textEnds.written(),
      texts: utf8(this.#texts),
    };
  }
}

const utf8 = ({ bytes, offsets, length }: TextStore): Utf8Column => ({
  offsets: offsets.subarray(0, length + 1),
  bytes: bytes.subarray(0, offsets[length]),
});

function adoptTexts(store: TextStore, { offsets, bytes }: Utf8Column): void {
  store.offsets = offsets;
  store.bytes = bytes;
  store.length = offsets.length - 1;
}
