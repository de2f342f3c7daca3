import type { Position } from '../events/envelope.ts';
import { inSlices } from '../events/slices.ts';
import { parseInstant, parseLocalDate } from '../values/dates.ts';
import { at, InvalidValue, shown } from '../values/refusal.ts';
import type { Facts, FactsRequest } from './engine.ts';
import { SharedSnapshots } from './export/shared-snapshots.ts';
import { dayMs, dayOf, localDay } from './facts/days.ts';
import { FoldedFacts } from './facts/facts.ts';
import { factTable, tableNames } from './facts/tables.ts';
import type { Pasts } from './pasts.ts';
import type {
  AsOf,
  CellAnswer,
  CellRequest,
  ChangeAnswer,
  ChangeRequest,
  HistogramAnswer,
  HistogramRequest,
  KpiAnswer,
  KpiRequest,
  KpiValue,
} from './query/answer.ts';
import { cellUnits } from './query/cell.ts';
import { changedOrders } from './query/changes.ts';
import { checkQuestion } from './query/check.ts';
import { withCompared } from './query/compared.ts';
import { conventionsOf } from './query/conventions.ts';
import { histogramOf } from './query/histogram.ts';
import type { Judgement, Question } from './query/question.ts';
import { keyOf, rowsOf } from './query/rows.ts';
import { nothing } from './query/values.ts';
import type { PastEvents } from './source.ts';
import type { Turns } from './turns.ts';

export interface QuestionsOptions {
  readonly live: FoldedFacts;
  readonly turns: Turns;
  readonly past: PastEvents;
  readonly pasts: Pasts;
  readonly clock: () => string;
  readonly directory: string;
}

/** Answers questions from the live facts, or from the facts of an earlier moment. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #snapshots = new SharedSnapshots();

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  facts(name: string, { asOf, signal, ...selection }: FactsRequest): Promise<Facts> {
    const table = tableNames.find((one) => one === name);
    if (!table)
      throw new InvalidValue(
        'unknown-facts',
        `There are no facts ${shown(name)}; there are ${tableNames.join(', ')}`,
        name,
      );
    return this.#on(asOf, async (facts) => {
      const { directory } = this.#options;
      const moment = `${facts.position} ${asOf && 'instant' in asOf ? asOf.instant : ''}`;
      const snapshot = await this.#snapshots.take(moment, factTable(facts, table), selection, { directory, signal });
      return { ...snapshot, position: facts.position };
    });
  }

  async query(request: KpiRequest): Promise<KpiAnswer> {
    const answer = await this.#answer(request, request.asOf);
    if (request.compare === undefined) return answer;
    const then = await this.#answer(request, request.compare);
    return { ...answer, rows: withCompared(answer, then) };
  }

  #answer(request: KpiRequest, asOf: AsOf | undefined): Promise<KpiAnswer> {
    return this.#on(asOf, async (facts) => {
      const question = checkQuestion(facts, request);
      const judgement = this.#judgement(facts, request, asOf);
      const { position } = facts;
      const rows = await inSlices(rowsOf(facts, question, judgement), request.signal);
      return {
        rows,
        ...conventionsOf(question, judgement),
        position,
        asOf: asOf ?? null,
        parkedStreams: facts.parked.size,
      };
    });
  }

  cell(request: CellRequest): Promise<CellAnswer> {
    return this.#on(request.asOf, async (facts) => {
      const question = checkQuestion(facts, { ...request, kpis: [request.kpi] });
      const judgement = this.#judgement(facts, request, request.asOf);
      const units = await inSlices(cellUnits(facts, question, judgement, request.cell), request.signal);
      return { units, position: facts.position };
    });
  }

  histogram(request: HistogramRequest): Promise<HistogramAnswer> {
    return this.#on(request.asOf, async (facts) => {
      const question = checkQuestion(facts, { ...request, kpis: [request.kpi] });
      const judgement = this.#judgement(facts, request, request.asOf);
      const counts = await inSlices(histogramOf(facts, question, judgement, request.edges), request.signal);
      return { counts, position: facts.position };
    });
  }

  async whatChanged(request: ChangeRequest): Promise<ChangeAnswer> {
    const { since, until } = request;
    const before = await this.#side(request, since === 'start' ? since : { position: since });
    const after = await this.#side(request, until === undefined ? undefined : { position: until });
    const orders = await changedOrders(before, after, this.#options.past);
    return { before: before.value, after: after.value, since: before.position, until: after.position, orders };
  }

  #side(request: ChangeRequest, asOf: AsOf | 'start' | undefined): Promise<Side> {
    const known = { ...request, kpis: [request.kpi] };
    return this.#on(asOf, async (facts) => {
      const question: Question = checkQuestion(asOf === 'start' ? this.#options.live : facts, known);
      const judgement = this.#judgement(facts, request, asOf === 'start' ? undefined : asOf);
      const units = await inSlices(cellUnits(facts, question, judgement, request.cell), request.signal);
      const rows = await inSlices(rowsOf(facts, question, judgement), request.signal);
      const wanted = keyOf(request.cell, question.group);
      const row = rows.find(({ group }) => keyOf(group, question.group) === wanted);
      return { units, value: row?.kpis[request.kpi] ?? nothing, position: facts.position };
    });
  }

  /** Live facts are worked on in turns; those of the past do not change. */
  async #on<T>(asOf: AsOf | 'start' | undefined, work: (facts: FoldedFacts) => Promise<T>): Promise<T> {
    const { live, turns, pasts } = this.#options;
    if (asOf === 'start') return work(new FoldedFacts());
    if (asOf === undefined) return turns.take(() => work(live));
    const head = live.position;
    const wanted = checkAsOf(asOf, head);
    if (head === 'start') return work(new FoldedFacts());
    if ('position' in wanted && wanted.position === head) {
      const done = await turns.take(async () => (live.position === head ? { answer: await work(live) } : undefined));
      if (done) return done.answer;
    }
    return work(await pasts.at(wanted, head));
  }

  #judgement(facts: FoldedFacts, { on, zone }: KpiRequest, asOf: AsOf | undefined): Judgement {
    const instant = this.#momentOf(facts, asOf);
    const day = localDay(instant, zone ?? 'UTC');
    if (on === undefined) return { day, instant };
    const given = dayOf(at('on', () => parseLocalDate(on)));
    return { day: given, instant: (given + 1) * dayMs };
  }

  /** An instant is judged as of itself, a position as of the latest recording up to it, and now as of now. */
  #momentOf(facts: FoldedFacts, asOf: AsOf | undefined): number {
    if (asOf && 'instant' in asOf) return Date.parse(asOf.instant);
    if (asOf && !Number.isNaN(facts.recordedAt)) return facts.recordedAt;
    return Date.parse(this.#options.clock());
  }
}

export interface Side {
  readonly units: CellAnswer['units'];
  readonly value: KpiValue;
  readonly position: Position | 'start';
}

function checkAsOf(asOf: AsOf, head: Position | 'start'): AsOf {
  if ('instant' in asOf) return { instant: at('asOf', () => parseInstant(asOf.instant)) };
  if (head === 'start' || asOf.position > head)
    throw new InvalidValue(
      'position-not-reached',
      `The facts are at position ${head}, before ${shown(asOf.position)}; wait for it or ask for an earlier one`,
      'asOf',
    );
  return asOf;
}
