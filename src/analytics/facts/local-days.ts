import { offsetAt } from '../../values/zones.ts';
import { nullDay } from '../table.ts';
import { dayMs } from './days.ts';
import type { Dictionary } from './dictionary.ts';

/** As long as the stretches for which zones remember their offset: in one of them it changes once at most. */
const stretchMs = 4 * dayMs;
const firstStretch = Math.floor(Date.UTC(1990, 0, 1) / stretchMs);
const stretches = 6_000;

/** Local days by the code of a zone. Offsets are kept by stretch, because every order asks for several days. */
export class LocalDays {
  readonly #zones: Dictionary;
  readonly #offsets: Float64Array[] = [];

  constructor(zones: Dictionary) {
    this.#zones = zones;
  }

  /** The day of an instant; null for none. Without a zone it is that of UTC. */
  day(epoch: number, zone: number): number {
    if (Number.isNaN(epoch)) return nullDay;
    return Math.floor((epoch + (zone < 0 ? 0 : this.#offset(epoch, zone))) / dayMs);
  }

  #offset(epoch: number, zone: number): number {
    const offsets = this.#offsets[zone] ?? this.#begin(zone);
    const offset = offsets[Math.floor(epoch / stretchMs) - firstStretch];
    return offset === undefined || Number.isNaN(offset) ? this.#learn(epoch, zone, offsets) : offset;
  }

  #begin(zone: number): Float64Array {
    const offsets = new Float64Array(stretches).fill(Number.NaN);
    this.#offsets[zone] = offsets;
    return offsets;
  }

  /** Stretches in which it changes are looked up each time. */
  #learn(epoch: number, zone: number, offsets: Float64Array): number {
    const name = this.#zones.at(zone) as string;
    const offset = offsetAt(epoch, name);
    const stretch = Math.floor(epoch / stretchMs);
    const isSteady = offsetAt(stretch * stretchMs, name) === offsetAt((stretch + 1) * stretchMs - 1, name);
    if (isSteady && stretch >= firstStretch) offsets[stretch - firstStretch] = offset;
    return offset;
  }
}
