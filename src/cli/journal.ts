import { Command } from '@commander-js/extra-typings';
import type { Journal } from '../analytics/journal/journal.ts';
import type { JournalStanding } from '../analytics/journal/standing.ts';
import type { Finding } from '../analytics/journal/verify.ts';
import type { House } from '../main/compose.ts';
import { DifferenceFound, Interrupted, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import { type Output, table } from './output.ts';
import { progressLine } from './progress.ts';

/** `orderfold journal`: the columnar copy of the log: what it has, whether it is whole, and to write it again. */
export function journalCommand(output: Output) {
  const journal = new Command('journal').description('The columnar copy of the log: show, check, write again');
  journal.addCommand(statusCommand(output)).addCommand(verifyCommand(output)).addCommand(rebuildCommand(output));
  return journal;
}

async function opened(house: House, choice: Parameters<House['journal']['open']>[0]): Promise<Journal> {
  const journal = await house.journal.open(choice);
  if (!journal) throw new UsageError('The journal is switched off (ORDERFOLD_JOURNAL).');
  return journal;
}

function statusCommand(output: Output) {
  return new Command('status')
    .description('What the files hold, and how far the log is')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const { standing, head, segments } = await withHouse(async (house) => {
        const journal = await opened(house, { mode: 'read' });
        return { standing: journal.standing(), head: await house.log.head(), segments: journal.manifest().segments };
      });
      const { directory, events, position, bytes, segments: sealed } = standing;
      if (json) return output.data(JSON.stringify({ directory, events, position, head, bytes, segments }));
      const rows = [
        ['folder', directory],
        ['events in files', events.toLocaleString('en-US')],
        ['sealed segments', String(sealed)],
        ['bytes', bytes.toLocaleString('en-US')],
        ['files end at', position],
        ['log ends at', head],
      ];
      output.data(table(['', 'found'], rows));
    });
}

function verifyCommand(output: Output) {
  return new Command('verify')
    .description('Read every byte and compare it with its checksum; a running service writes again what is damaged')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const findings = await withHouse(async (house) => {
        const journal = await opened(house, { mode: 'read' });
        return inspected(output, journal);
      });
      const rows = findings.map(({ ok, segment, events, why }) => [ok ? 'ok' : 'DAMAGED', segment, events, why ?? '']);
      output.data(json ? JSON.stringify(findings) : table(['', 'segment', 'events', 'found'], rows));
      const bad = findings.filter(({ ok }) => !ok).length;
      if (bad > 0) throw new DifferenceFound(`${bad} of ${findings.length} segments are damaged.`);
    });
}

async function inspected(output: Output, journal: Journal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const meter = meterFrom(output, 'events verified');
  for await (const finding of journal.verify()) {
    findings.push(finding);
    meter.show(findings.reduce((sum, { events }) => sum + events, 0));
  }
  meter.end();
  return findings;
}

function rebuildCommand(output: Output) {
  return new Command('rebuild')
    .description('Throw the journal away and write it again from the log; not while a service keeps it')
    .option('--resume', 'go on where it was stopped, and throw nothing away')
    .option('--json', 'answer as JSON')
    .action(async ({ json, resume }) => {
      const { signal, done } = interruptible();
      const meter = meterFrom(output, 'events written');
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      try {
        const standing = await withHouse(async (house) => {
          const onProgress = ({ events }: JournalStanding): void => meter.show(events);
          const journal = await opened(house, { mode: 'own', onProgress });
          await Promise.race([resume ? journal.caughtUp() : journal.rebuild(), stopped]);
          return journal.standing();
        });
        meter.end();
        const { events, position, segments, bytes, directory } = standing;
        output.data(
          json
            ? JSON.stringify({ directory, events, position, segments, bytes })
            : `${events} events up to ${position} in ${directory}.`,
        );
        if (signal.aborted)
          throw new Interrupted('Stopped. What is written stays; a service goes on from there, and so does --resume.');
      } finally {
        done();
      }
    });
}

function meterFrom(output: Output, what: string) {
  const line = progressLine(output, what);
  const start = performance.now();
  return {
    show: (done: number): void => line.update({ done, rate: done / ((performance.now() - start) / 1000) }),
    end: (): void => line.end(),
  };
}
