import type { ConfigurationModel, Selections } from '../../events/catalog/master/model.ts';
import { candidates } from './candidates.ts';
import { type Violation, violationsOf } from './check.ts';

/** One thing to choose otherwise; `to` is left out where the option is to be left out. */
export interface Change {
  readonly option: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Repairs {
  /** Each makes the selections valid with as few changes as can be; in the order of the model. */
  readonly repairs: readonly (readonly Change[])[];
  /** False when the search was given up: there may be a repair all the same. */
  readonly complete: boolean;
}

const mostChanges = 6;
const mostRepairs = 5;
const mostChecks = 20_000;

/**
 * The smallest sets of changes that make the selections valid. Whatever mends a violation changes one of the options that it is
 * about, so only those are tried, one violation after the other, with ever more changes.
 */
export function repairsOf(model: ConfigurationModel, selections: Selections): Repairs {
  const search = new Search(model);
  for (let size = 0; size <= mostChanges; size += 1) {
    search.cutShort = false;
    search.within(selections, size, new Map());
    if (search.found.length > 0 || search.exhausted || !search.cutShort) break;
  }
  const repairs = search.found.map((changes) => [...changes.values()]);
  return { repairs, complete: !search.exhausted && (repairs.length > 0 || !search.cutShort) };
}

class Search {
  readonly found: ReadonlyMap<string, Change>[] = [];
  readonly #model: ConfigurationModel;
  readonly #seen = new Set<string>();
  #checks = 0;
  /** More changes than are allowed may help. */
  cutShort = false;

  constructor(model: ConfigurationModel) {
    this.#model = model;
  }

  get exhausted(): boolean {
    return this.#checks >= mostChecks;
  }

  within(selections: Selections, left: number, changes: ReadonlyMap<string, Change>): void {
    if (this.exhausted || this.found.length >= mostRepairs) return;
    this.#checks += 1;
    const [first] = violationsOf(this.#model, selections);
    if (!first) this.#keep(changes);
    else if (left === 0) this.cutShort = true;
    else this.#mend(first, selections, left, changes);
  }

  #mend({ options }: Violation, selections: Selections, left: number, changes: ReadonlyMap<string, Change>): void {
    for (const option of options) {
      if (changes.has(option)) continue;
      const from = selections[option];
      for (const to of this.#otherwise(option, selections)) {
        const change = { option, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        this.within(changed(selections, option, to), left - 1, new Map([...changes, [option, change]]));
      }
    }
  }

  /** Two ways to the same changes are one repair. */
  #keep(changes: ReadonlyMap<string, Change>): void {
    const name = JSON.stringify([...changes.values()].map(({ option, to }) => [option, to]).sort());
    if (!this.#seen.has(name)) this.found.push(changes);
    this.#seen.add(name);
  }

  #otherwise(name: string, selections: Selections): readonly (string | undefined)[] {
    const option = this.#model.options.find((one) => one.option === name);
    if (!option) return [undefined];
    const left = option.required === false ? [undefined] : [];
    return [...candidates(this.#model, option, selections), ...left].filter((value) => value !== selections[name]);
  }
}

function changed(selections: Selections, option: string, to: string | undefined): Selections {
  const { [option]: _, ...rest } = selections;
  return to === undefined ? rest : { ...rest, [option]: to };
}
