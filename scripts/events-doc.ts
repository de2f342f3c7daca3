import type { TSchema } from 'typebox';
import type { EventDefinition } from '../src/events/catalog/definition.ts';
import { families } from '../src/events/catalog/index.ts';
import * as terms from '../src/events/catalog/terms.ts';

/** Makes docs/events.md from the event catalogue itself. */

/** The parts of a JSON schema that the catalogue uses. */
interface Schema {
  readonly type?: string;
  readonly const?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly sealed?: Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

const schemaOf = (schema: TSchema): Schema => JSON.parse(JSON.stringify(schema)) as Schema;
const byName = Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1));
const words = new Map(byName.map(([name, schema]) => [JSON.stringify(schema), name]));

/** A type in words: the term that it is, or what it is made of. */
function inWords(schema: Schema): string {
  const term = words.get(JSON.stringify(schema));
  if (schema.sealed) return `sealed: ${inWords(schema.sealed)}`;
  if (term) return `[${term}](#${term.toLowerCase()})`;
  if (schema.anyOf) return schema.anyOf.map(inWords).join(' or ');
  if (schema.const !== undefined) return `"${schema.const}"`;
  if (schema.items) return `list of ${inWords(schema.items)}`;
  if (schema.properties)
    return `{ ${fieldsOf(schema)
      .map(([name, field]) => `${name}: ${inWords(field)}`)
      .join(', ')} }`;
  if (schema.patternProperties) return 'texts by name';
  return schema.type ?? 'anything';
}

/** Fields with their names marked `?` where they may be left out. */
const fieldsOf = ({ properties = {}, required = [] }: Schema): [string, Schema][] =>
  Object.entries(properties).map(([name, field]) => [required.includes(name) ? name : `${name}?`, field]);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows,
];

function eventSection({ type, schemaVersion, summary, schema }: EventDefinition): string[] {
  const rows = fieldsOf(schemaOf(schema)).map(([name, field]) =>
    row(`\`${name}\``, inWords(field), field.description ?? ''),
  );
  return [
    `### ${type}`,
    '',
    `${summary} Schema version ${schemaVersion}.`,
    '',
    ...table(['field', 'type', 'meaning'], rows),
    '',
  ];
}

function termSection(): string[] {
  const rows = byName.map(([name, term]) => {
    const schema = schemaOf(term);
    const form = schema.pattern ? `${schema.type}, \`${schema.pattern}\`` : inWords({ ...schema, description: ' ' });
    return row(`<a id="${name.toLowerCase()}"></a>${name}`, form, schema.description ?? '');
  });
  return ['## Terms', '', ...table(['term', 'form', 'meaning'], rows), ''];
}

const envelope = [
  ['eventId', 'UUID that derives from the command id and the index of the event in its command'],
  ['stream, revision', 'where it lies: the stream, and its place there from 0'],
  ['position', 'place in the whole log; positions sort as text'],
  ['type, data', 'the fact, as described below'],
  ['schemaVersion', 'version of the data; older ones are lifted to the current one when read, never rewritten'],
  ['occurredAt', 'when it happened in the business'],
  ['recordedAt', 'when it was recorded'],
  ['actor', 'who acted: kind, id, and the door (via)'],
  ['commandId', 'the command that it came from'],
  ['correlationId, causationId', 'the conversation that it belongs to, and the event or command that led to it'],
  ['reason?', 'why: a code, and words when a person gave them'],
  ['source?', 'where a received fact came from: kind, reference, SHA-256'],
  ['command?', 'in the first event of a command: what was asked for, as far as the events do not say it'],
  [
    'prevHash, hash',
    'chain of the stream: SHA-256 of prevHash and the canonical JSON of the event; 64 zeros before the first',
  ],
] as const;

export function eventsDoc(): string {
  return [
    '# Events',
    '',
    'Every fact that Orderfold records. Fields marked `?` may be absent. Made from the catalogue by `npm run docs`.',
    '',
    '## Every event',
    '',
    ...table(
      ['field', 'meaning'],
      envelope.map(([name, meaning]) => row(`\`${name}\``, meaning)),
    ),
    '',
    ...families.flatMap(({ title, about, events }) => [`## ${title}`, '', about, '', ...events.flatMap(eventSection)]),
    ...termSection(),
  ].join('\n');
}
