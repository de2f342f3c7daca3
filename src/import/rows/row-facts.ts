import { shown } from '../../values/refusal.ts';
import { bindCell, type CellContext, type Wrong } from '../cells/cell.ts';
import type { JoinedRow } from '../cells/columns.ts';
import type { DateReaders, MilestoneMoment } from '../cells/dates.ts';
import { kinds, type TypedReaders } from '../cells/typed.ts';
import type { Mapping } from '../mapping/schema.ts';

/** A promise that a row tells: the first of a row is the first promise, the others are revisions in order. */
export interface RowPromise {
  readonly deliverOn: string;
  readonly shipOn: string | null;
  readonly initiator: 'customer' | 'supplier';
  readonly customerAgreed: boolean;
  readonly promisedAt: MilestoneMoment | null;
}

export interface RowDeliveryError {
  readonly kind: 'wrong-item' | 'damage' | 'documents';
  readonly quantity: string | null;
  readonly note: string | null;
  readonly at: MilestoneMoment | null;
}

type Reader<T> = (row: JoinedRow, wrong: Wrong) => T;

export function promiseReader(
  { promises = [] }: Mapping,
  typed: TypedReaders,
  dates: DateReaders,
): Reader<RowPromise[]> {
  const readers = promises.map((promise, index) => {
    const at = `/promises/${index}`;
    const deliverOn = dates.date(promise.deliverOn, `${at}/deliverOn`);
    const shipOn = dates.date(promise.shipOn, `${at}/shipOn`);
    const initiator = typed.optional(kinds.initiator, promise.initiator, `${at}/initiator`);
    const agreed = typed.yesNo(promise.customerAgreed, `${at}/customerAgreed`);
    const promisedAt = dates.milestone(promise.promisedAt, `${at}/promisedAt`);
    return (row: JoinedRow, wrong: Wrong): RowPromise[] => {
      const due = deliverOn(row, wrong);
      const leaving = shipOn(row, wrong);
      const by = initiator(row, wrong);
      const customerAgreed = agreed(row);
      const made = promisedAt(row, wrong);
      if (!due) return [];
      if (leaving && leaving.date > due.date) {
        const reason = `ships on ${leaving.date}, after the promised delivery on ${due.date}`;
        wrong({ code: 'shipped-after-promise', column: leaving.column, reason });
      }
      return [
        {
          deliverOn: due.date,
          shipOn: leaving?.date ?? null,
          initiator: by === 'customer' ? 'customer' : 'supplier',
          customerAgreed,
          promisedAt: made,
        },
      ];
    };
  });
  return (row, wrong) => readers.flatMap((read) => read(row, wrong));
}

export function deliveryErrorReader(
  { deliveryErrors = [] }: Mapping,
  typed: TypedReaders,
  dates: DateReaders,
): Reader<RowDeliveryError[]> {
  const readers = deliveryErrors.map((error, index) => {
    const at = `/deliveryErrors/${index}`;
    const when = typed.yesNo(error.when, `${at}/when`);
    const quantity = typed.notNegative(error.quantity, `${at}/quantity`);
    const note = typed.optional(kinds.text, error.note, `${at}/note`);
    const happened = dates.milestone(error.at, `${at}/at`);
    return (row: JoinedRow, wrong: Wrong): RowDeliveryError[] => {
      const found = {
        kind: error.kind,
        quantity: quantity(row, wrong),
        note: note(row, wrong),
        at: happened(row, wrong),
      };
      return when(row) ? [found] : [];
    };
  });
  return (row, wrong) => readers.flatMap((read) => read(row, wrong));
}

/** Every status word must be in `means`: a word that nobody explained is not guessed at. */
export function statusReader({ status }: Mapping, context: CellContext) {
  if (!status) return () => null;
  const cell = bindCell(context, status.cell, '/status/cell');
  const means = new Map(Object.entries(status.means));
  return (row: JoinedRow, wrong: Wrong) => {
    const text = cell.read(row);
    if (text === null) return null;
    const word = means.get(text);
    if (word === undefined) {
      const reason = `${shown(text)} is not listed under /status/means`;
      wrong({ code: 'status-unknown', column: cell.column, reason });
    }
    return word ?? null;
  };
}
