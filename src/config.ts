import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Every setting: environment variable, type, default, one line of what it is for. docs/configuration.md is made from it. */
export const settings = {
  host: {
    variable: 'ORDERFOLD_HOST',
    fallback: '127.0.0.1',
    schema: Type.String({ minLength: 1 }),
    about: 'Address to listen on',
  },
  port: {
    variable: 'ORDERFOLD_PORT',
    fallback: '8400',
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    about: 'Port to listen on; 0 takes a free one',
  },
  data: {
    variable: 'ORDERFOLD_DATA',
    fallback: '.orderfold',
    schema: Type.String({ minLength: 1 }),
    about: 'Folder of the embedded database and, unless ORDERFOLD_JOURNAL_DIR says otherwise, of the journal',
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    fallback: '',
    schema: Type.String({ pattern: '^$|^postgres(ql)?://' }),
    about: 'PostgreSQL for read models, receipts and, without EVENTSTORE_URL, the log; empty: embedded',
    secret: true,
  },
  eventStoreUrl: {
    variable: 'EVENTSTORE_URL',
    fallback: '',
    schema: Type.String({ pattern: '^$|^esdb(\\+discover)?://' }),
    about: 'EventStoreDB as log of record; empty: the log lies in the database',
    secret: true,
  },
  journal: {
    variable: 'ORDERFOLD_JOURNAL',
    fallback: 'on',
    schema: Type.Union([Type.Literal('on'), Type.Literal('off')]),
    about:
      'on: the service keeps the journal, a copy of the log in columnar files; off: no such files are written or read',
  },
  journalDirectory: {
    variable: 'ORDERFOLD_JOURNAL_DIR',
    fallback: '',
    schema: Type.String(),
    about: 'Folder of the journal; empty: `journal` in ORDERFOLD_DATA',
  },
  demo: {
    variable: 'ORDERFOLD_DEMO',
    fallback: 'auto',
    schema: Type.Union([Type.Literal('auto'), Type.Literal('off')]),
    about: 'auto: load about 2,000 simulated orders into an empty embedded database; off: start empty',
  },
  poolSize: {
    variable: 'ORDERFOLD_POOL',
    fallback: '12',
    schema: Type.Integer({ minimum: 2, maximum: 200 }),
    about: 'Connections to PostgreSQL',
  },
  logLevel: {
    variable: 'ORDERFOLD_LOG',
    fallback: 'info',
    schema: Type.Union(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    ),
    about: 'Least severe log level that is written',
  },
  rateLimit: {
    variable: 'ORDERFOLD_RATE_LIMIT',
    fallback: '60000',
    schema: Type.Integer({ minimum: 0 }),
    about: 'Requests a minute for each key; 0 switches the limit off',
  },
  exportRows: {
    variable: 'ORDERFOLD_EXPORT_ROWS',
    fallback: '0',
    schema: Type.Integer({ minimum: 0 }),
    about: 'Most rows of one export by a key of the role analyst; 0 for no limit. Auditors and admins have none',
  },
  trustProxy: {
    variable: 'ORDERFOLD_TRUST_PROXY',
    fallback: '',
    schema: Type.String(),
    about: 'Comma-separated addresses of proxies whose forwarded headers are believed',
  },
  receiptDays: {
    variable: 'ORDERFOLD_RECEIPT_DAYS',
    fallback: '30',
    schema: Type.Integer({ minimum: 1, maximum: 3650 }),
    about: 'Days that an Idempotency-Key is remembered',
  },
  maxLag: {
    variable: 'ORDERFOLD_MAX_LAG',
    fallback: '30',
    schema: Type.Integer({ minimum: 1 }),
    about: 'Seconds that a read model may lag before /readyz says so',
  },
} as const;

type SettingName = keyof typeof settings;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly embeddedDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly eventStoreUrl: string | undefined;
  readonly journal: 'on' | 'off';
  readonly journalDirectory: string;
  readonly exportDirectory: string;
  readonly demo: 'auto' | 'off';
  readonly poolSize: number;
  readonly logLevel: string;
  readonly rateLimit: number;
  readonly exportRows: number;
  readonly trustProxy: readonly string[];
  readonly receiptDays: number;
  readonly maxLag: number;
}

/** A setting has a value that it cannot have. Says which variable, what was expected, never the value of a secret. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
  readonly code = 'invalid-setting';
}

/** Reads and checks all settings. Throws InvalidSetting. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const text = (name: SettingName): string => parse(name, environment) as string;
  const number = (name: SettingName): number => parse(name, environment) as number;
  const data = text('data');
  return {
    host: text('host'),
    port: number('port'),
    data,
    embeddedDirectory: join(data, 'database'),
    databaseUrl: text('databaseUrl') || undefined,
    eventStoreUrl: text('eventStoreUrl') || undefined,
    journal: text('journal') as Config['journal'],
    journalDirectory: text('journalDirectory') || join(data, 'journal'),
    exportDirectory: join(data, 'exports'),
    demo: text('demo') as Config['demo'],
    poolSize: number('poolSize'),
    logLevel: text('logLevel'),
    rateLimit: number('rateLimit'),
    exportRows: number('exportRows'),
    trustProxy: text('trustProxy')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
    receiptDays: number('receiptDays'),
    maxLag: number('maxLag'),
  };
}

function parse(name: SettingName, environment: Readonly<Record<string, string | undefined>>): unknown {
  const setting = settings[name];
  const raw = environment[setting.variable] ?? setting.fallback;
  const value = 'type' in setting.schema && setting.schema.type === 'integer' && /^\d+$/.test(raw) ? Number(raw) : raw;
  if (Compile(setting.schema).Check(value)) return value;
  const shown = 'secret' in setting ? 'its value' : `"${raw}"`;
  throw new InvalidSetting(
    `${setting.variable}: ${shown} is not valid. ${setting.about}. Expected: ${expectation(setting.schema)}.`,
  );
}

function expectation(schema: object): string {
  if ('anyOf' in schema) return (schema.anyOf as { const: string }[]).map((option) => option.const).join(', ');
  if ('pattern' in schema) return `a text matching ${String(schema.pattern)}`;
  if ('minimum' in schema)
    return `a whole number from ${String(schema.minimum)}${'maximum' in schema ? ` to ${String(schema.maximum)}` : ''}`;
  return 'a text';
}
