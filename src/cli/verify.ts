import { readFile, stat } from 'node:fs/promises';
import { Command } from '@commander-js/extra-typings';
import { keptCheckpoint } from '../audit/checkpoint/kept-files.ts';
import { type Verifier, verifierFrom } from '../audit/checkpoint/keys.ts';
import { checkPackage, filesIn } from '../audit/evidence/verify.mjs';
import { filesOfZip } from '../audit/evidence/zip.ts';
import type { Finding } from '../audit/verify/findings.ts';
import type { LogVerdict } from '../audit/verify/log.ts';
import type { House } from '../main/compose.ts';
import { DifferenceFound, Interrupted, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import { orderNamed } from './order-named.ts';
import { type Output, table } from './output.ts';
import { progressLine } from './progress.ts';

interface Choices {
  readonly order?: string;
  readonly evidence?: string;
  readonly checkpoint: string[];
  readonly publicKey?: string;
  readonly json?: true;
}

const collected = (word: string, words: string[]): string[] => [...words, word];

/** `orderfold verify`: the log, an order or an evidence package against hashes and signed checkpoints. */
export function verifyCommand(output: Output) {
  return new Command('verify')
    .description('Verify the whole log: contents, chains, tree, checkpoints, journal; say what was changed and where')
    .option('--order <number or id>', 'only what is recorded about one order')
    .option('--evidence <path>', 'an evidence package instead, a folder or a .zip; needs no database')
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere; again for more of them', collected, [])
    .option(
      '--public-key <key or file>',
      'public key of the log (name+id+key), instead of the one of this installation',
    )
    .option('--json', 'answer as JSON')
    .action(async (choices) => {
      const verifier = choices.publicKey === undefined ? undefined : await verifierNamed(choices.publicKey);
      if (choices.evidence !== undefined) return verifyEvidence(output, choices.evidence, choices, verifier);
      if (choices.order !== undefined) return verifyOrder(output, choices.order, choices);
      return verifyWhole(output, choices, verifier);
    });
}

async function verifierNamed(word: string): Promise<Verifier> {
  try {
    return verifierFrom(word.includes('+') ? word : await readFile(word, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UsageError(`"${word}" is neither a public key (name+id+key) nor a file with one.`);
  }
}

async function verifyEvidence(
  output: Output,
  path: string,
  { checkpoint, json }: Choices,
  verifier: Verifier | undefined,
): Promise<void> {
  const kept = await Promise.all(checkpoint.map(keptCheckpoint));
  const files = (await stat(path)).isDirectory() ? filesIn(path) : filesOfZip(await readFile(path));
  const { ok, lines } = checkPackage(files, {
    ...(verifier && { publicKey: verifier.text }),
    checkpoints: kept.map(({ where, checkpoint: { note } }) => ({ name: where, note })),
  });
  output.data(
    json
      ? JSON.stringify({ ok, lines })
      : lines.map((line) => `${line.ok ? 'ok   ' : 'WRONG'}  ${line.text}`).join('\n'),
  );
  if (!ok) throw new DifferenceFound('The evidence does not hold.');
}

async function verifyOrder(output: Output, name: string, { checkpoint, json }: Choices): Promise<void> {
  if (checkpoint.length > 0)
    throw new UsageError('An order is verified against the last checkpoint; --checkpoint is for the whole log.');
  const verdict = await withHouse(async (house) => house.notary.verifyOrder(await orderNamed(house, name)));
  if (!verdict) throw new UsageError(`There is no order ${name}.`);
  const { ok, findings, streams, signedEvents } = verdict;
  const events = streams.reduce((sum, one) => sum + one.events, 0);
  if (json) output.data(JSON.stringify(verdict));
  else if (ok) {
    output.data(
      `${events} events follow each other; ${signedEvents} of them are under the checkpoint over ${verdict.checkpoint.size} events.`,
    );
  } else output.data(findingTable(findings));
  if (!ok) throw new DifferenceFound(`${findings.length} things are not as they were recorded.`);
}

async function verifyWhole(
  output: Output,
  { checkpoint, json }: Choices,
  verifier: Verifier | undefined,
): Promise<void> {
  const heads = await Promise.all(checkpoint.map(keptCheckpoint));
  const { signal, done } = interruptible();
  const started = performance.now();
  try {
    const verdict = await withHouse((house) =>
      verified(house, output, { heads, signal, ...(verifier && { verifier }) }),
    );
    const seconds = (performance.now() - started) / 1000;
    output.data(json ? JSON.stringify({ ...verdict, seconds }) : words(verdict, seconds));
    if (!verdict.ok) throw new DifferenceFound(`${verdict.found} things are not as they were recorded.`);
  } catch (error) {
    if (signal.aborted) throw new Interrupted('Stopped; nothing was found out.');
    throw error;
  } finally {
    done();
  }
}

async function verified(
  house: House,
  output: Output,
  choice: Parameters<House['notary']['verifyLog']>[0],
): Promise<LogVerdict> {
  const line = progressLine(output, 'events verified');
  const start = performance.now();
  const verdict = await house.notary.verifyLog({
    ...choice,
    onProgress(events, total) {
      const rate = events / ((performance.now() - start) / 1000);
      const left = total === undefined || total < events ? {} : { total, secondsLeft: (total - events) / rate };
      line.update({ done: events, rate, ...left });
    },
  });
  line.end();
  return verdict;
}

function words({ ok, events, signedEvents, root, heads, findings, found }: LogVerdict, seconds: number): string {
  const good = heads.filter(({ signed, holds }) => signed && holds).length;
  const lines = [
    `${events} events verified in ${seconds.toFixed(1)} s (${Math.round(events / seconds).toLocaleString('en-US')}/s); root ${root}`,
    `${good} of ${heads.length} checkpoints hold; ${signedEvents} events are under them, ${events - signedEvents} came later and are only chained.`,
  ];
  if (!ok) lines.push('', findingTable(findings));
  if (found > findings.length) lines.push(`... and ${found - findings.length} more.`);
  return lines.join('\n');
}

const findingTable = (findings: readonly Finding[]): string =>
  table(
    ['what', 'stream', 'revision', 'position', 'in words'],
    findings.map(({ kind, stream, revision, position, detail }) => [
      kind,
      stream ?? '',
      revision ?? null,
      position ?? '',
      detail,
    ]),
  );
