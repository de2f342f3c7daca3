/**
 * Everything that is derived from the log and could tell something about a person. A place that is not named here fails a test,
 * so that nobody adds one without saying how it forgets.
 */
export interface DerivedCopy {
  /** Tables (`*` stands for any end), files, or something in memory. */
  readonly place: string;
  readonly holds: /** Nothing that says anything about a person; ids of persons at most. */
    | 'nothing'
    /** Sealed values as they lie in the log: they say nothing once the key is gone. */
    | 'ciphertext'
    /** Keys of persons, wrapped. */
    | 'keys'
    /** What `forget` takes away. */
    | 'plain';
  readonly about: string;
  /** Takes away what is there about the person. Again changes nothing. Required where it holds `plain`. */
  readonly forget?: (personId: string) => Promise<void>;
}

const nothing = (place: string, about: string): DerivedCopy => ({ place, holds: 'nothing', about });
const ciphertext = (place: string, about: string): DerivedCopy => ({ place, holds: 'ciphertext', about });

/** Copies that this program always has. Rooms that make others (pages, documents, notices) give theirs when the house is composed. */
export const standingCopies: readonly DerivedCopy[] = [
  ciphertext('table events', 'the log itself, where it lies in the database'),
  ciphertext('file journal', 'the log once more, in columns; exports are made of it'),
  { place: 'table person_keys', holds: 'keys', about: 'one key a person, wrapped by the master key' },
  nothing('table erasures', 'which persons were erased, by whom and why'),
  nothing('table command_receipts', 'what was answered: revisions and refusals; bodies as keyed hashes'),
  nothing('table api_keys', 'keys of programs, by label'),
  nothing('table session_secret', 'signs the sessions of browsers'),
  nothing('table order_numbers*', 'the number given last'),
  nothing('table migrations', 'names of migrations'),
  nothing('table projection_generations', 'which read models are shown'),
  nothing('table published_views', 'names of views'),
  nothing('table audit_*', 'hashes of events, and what was signed'),
  ciphertext('table replay_certificates', 'what a rebuild was compared with: rows of read models that differed'),
  nothing('table parked_*', 'streams in quarantine, by name'),
  nothing('file database', 'the embedded database: the tables above, and which process works in it'),
  nothing('file audit', 'the key that signs checkpoints, and the last one'),
  nothing('file demo.json', 'what demo was loaded'),
  nothing('file demo-keys.json', 'keys of the demo, by role'),
  nothing('file exports', 'exports while they are sent, in files without a name'),
  { place: 'file master-key*', holds: 'keys', about: 'the master key of the embedded default' },
  nothing('memory of commands', 'states of streams: sealed values are not part of them'),
  nothing('memory of facts', 'orders and their numbers'),
];

/** Tables of read models: folded from events by handlers that know nothing else, so they hold what events hold. */
export const foldedCopies = (tables: readonly string[]): readonly DerivedCopy[] =>
  tables.map((table) => ciphertext(`table ${table}`, 'folded from events; opened for each reader anew'));

/** The copy that a place belongs to; the most exact one. */
export function copyAt(copies: readonly DerivedCopy[], place: string): DerivedCopy | undefined {
  const fits = (copy: DerivedCopy): boolean =>
    copy.place.endsWith('*') ? place.startsWith(copy.place.slice(0, -1)) : place === copy.place;
  return copies.filter(fits).sort((a, b) => b.place.length - a.place.length)[0];
}
