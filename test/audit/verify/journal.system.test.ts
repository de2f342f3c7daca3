import { cp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../../src/audit/verify/findings.ts';
import type { KnownHead } from '../../../src/audit/verify/heads.ts';
import type { Recorded } from '../../../src/events/envelope.ts';
import { rawFrom } from '../../../src/events/log/bulk.ts';
import { copyOf } from '../../../src/main/notary.ts';
import { type Random, seededRandom } from '../../../src/simulate/random.ts';
import { type AuditedLog, auditedLog } from '../../support/audited-log.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../support/databases.ts';
import { all, type JournalPlace, journalPlace } from '../../support/journal.ts';
import { seedFor, soak } from '../../support/seed.ts';

const rounds = soak ? 300 : 18;

let opened: OpenTestDatabase;
let audited: AuditedLog;
let head: KnownHead;
let place: JournalPlace;
let events: Recorded[];

beforeAll(async () => {
  opened = await openTestDatabase('pglite');
  audited = await auditedLog(opened.database);
  for (let n = 0; n < 40; n += 1) await audited.writer.append(`order-${n % 9}`, 1 + (n % 7));
  head = await audited.sign();
  place = journalPlace();
  const journal = await place.open(audited.log);
  await journal.caughtUp();
  events = await all(journal.read('start'));
  await place.closeAll();
});
afterAll(async () => {
  await place.remove();
  await audited.close();
  await opened.remove();
});

async function verified(directory: string) {
  const journal = await place.open(audited.log, { mode: 'read', directory });
  const verdict = await audited.verify([head], copyOf(journal));
  await place.closeAll();
  return verdict;
}

type Damage = (segments: string, names: readonly string[], random: Random) => Promise<number>;

const flip: Damage = async (segments, names, random) => {
  const at = random.between(0, names.length - 1);
  const file = join(segments, names[at] ?? '');
  const content = await readFile(file);
  const byte = random.between(0, content.length - 1);
  content[byte] = (content[byte] ?? 0) ^ (1 << random.between(0, 7));
  await writeFile(file, content);
  return at;
};

const shorten: Damage = async (segments, names, random) => {
  const at = random.between(0, names.length - 1);
  const file = join(segments, names[at] ?? '');
  await truncate(file, random.between(0, (await readFile(file)).length - 1));
  return at;
};

const remove: Damage = async (segments, names, random) => {
  const at = random.between(0, names.length - 1);
  await rm(join(segments, names[at] ?? ''));
  return at;
};

const exchange: Damage = async (segments, names, random) => {
  const at = random.between(0, names.length - 2);
  const [a, b] = [join(segments, names[at] ?? ''), join(segments, names[at + 1] ?? '')];
  await rename(a, `${a}.other`);
  await rename(b, a);
  await rename(`${a}.other`, b);
  return at;
};

test(`${rounds} damages of the files of the journal are found, and their segments named`, async () => {
  const random = seededRandom(seedFor('damage'));
  const damages = [flip, flip, shorten, remove, exchange];
  const names = (await readdir(join(place.directory, 'segments'))).sort();
  expect(names.length).toBeGreaterThan(3);
  for (let round = 0; round < rounds; round += 1) {
    const copy = `${place.directory}-${round}`;
    await cp(place.directory, copy, { recursive: true });
    const at = await damages[round % damages.length]?.(join(copy, 'segments'), names, random);
    const { ok, findings } = await verified(copy);
    expect(ok, `${round}`).toBe(false);
    const name = names[at ?? 0] ?? '?';
    expect(
      findings.some(({ kind, detail }) => kind === 'journal-damaged' && detail.includes(name)),
      `${round}: ${JSON.stringify(findings)}`,
    ).toBe(true);
    await rm(copy, { recursive: true });
  }
  expect((await verified(place.directory)).findings).toEqual([]);
});

/** A journal that was made over, sums and all, so that only the log shows what it says wrongly. */
async function madeOver(name: string, change: (events: Recorded[]) => Recorded[]): Promise<readonly Finding[]> {
  const changed = change(structuredClone(events));
  const log = {
    ...audited.log,
    head: audited.log.head,
    readStream: audited.log.readStream,
    append: audited.log.append,
    close: async () => {},
  };
  const directory = `${place.directory}-${name}`;
  const journal = await place.open(
    {
      ...log,
      async *bulk() {
        yield changed.map(rawFrom);
      },
      async *subscribe({ after }) {
        for (const event of after === 'start' ? changed : []) yield { kind: 'event', event };
        yield { kind: 'caught-up', position: changed.at(-1)?.position ?? 'start' };
      },
    },
    { directory },
  );
  await journal.caughtUp();
  await place.closeAll();
  const { findings } = await verified(directory);
  await rm(directory, { recursive: true, force: true });
  return findings;
}

test('a journal that says something else than the log is found, and the event named', async () => {
  const one = events[57] as Recorded;
  const named = { stream: one.stream, revision: one.revision };
  expect(
    await madeOver('data', (all_) =>
      all_.map((event) => (event.position === one.position ? { ...event, data: { orderNo: 'x' } } : event)),
    ),
  ).toMatchObject([{ kind: 'journal-differs', ...named }]);
  const gone = await madeOver('gone', (all_) => all_.filter(({ position }) => position !== one.position));
  expect(gone).toMatchObject([{ kind: 'journal-differs', ...named, detail: 'the journal does not have it' }]);
  const more = { ...one, position: `${one.position}5`, stream: 'order-forged' };
  const added = await madeOver('more', (all_) =>
    all_.flatMap((event) => (event === all_[57] ? [event, more] : [event])),
  );
  expect(added).toMatchObject([{ kind: 'journal-differs', stream: 'order-forged' }]);
});
