import { Command, Option } from '@commander-js/extra-typings';
import type { EventPlace } from '../audit/proofs.ts';
import type { House } from '../main/compose.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import type { Output } from './output.ts';

interface Choices {
  readonly position?: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly eventId?: string;
  readonly size?: number;
  readonly from?: number;
  readonly to?: number;
}

/** `orderfold proof`: proofs of RFC 9162 as JSON. */
export function proofCommand(output: Output) {
  const number = (flags: string, about: string) => new Option(flags, about).argParser(wholeNumber);
  return new Command('proof')
    .description('A proof as JSON: that an event is in the log, or that the log only grew (--from)')
    .option('--position <position>', 'of the event')
    .option('--stream <stream>', 'of the event, with --revision or --event-id')
    .addOption(number('--revision <n>', 'of the event in its stream'))
    .option('--event-id <uuid>', 'of the event')
    .addOption(number('--size <n>', 'under the checkpoint over so many events; the last one, if left out'))
    .addOption(number('--from <n>', 'instead: that the log begins with what it was when it had so many events'))
    .addOption(number('--to <n>', 'at this later size; now, if left out'))
    .action(async (choices: Choices) => {
      const place = 'from' in choices && choices.from !== undefined ? undefined : placeIn(choices);
      const proof = await withHouse(({ notary }) => proven(notary, choices, place));
      output.data(JSON.stringify(proof, null, 2));
    });
}

function wholeNumber(word: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new UsageError(`"${word}" is no whole number.`);
}

async function proven(
  notary: House['notary'],
  { from, to, size }: Choices,
  place: EventPlace | undefined,
): Promise<unknown> {
  await notary.grown();
  if (from !== undefined) {
    const most = notary.standing().size;
    if (from > (to ?? most) || (to ?? 0) > most) throw new UsageError(`The log has ${most} events.`);
    return notary.consistency(from, to);
  }
  const proof = place && (await notary.inclusion(place, size));
  if (!proof) throw new UsageError('There is no such event.');
  return proof;
}

function placeIn({ position, stream, revision, eventId }: Choices): EventPlace {
  if (position !== undefined) return { position };
  if (stream !== undefined && revision !== undefined) return { stream, revision };
  if (stream !== undefined && eventId !== undefined) return { stream, eventId };
  throw new UsageError('Say which event: --position, or --stream with --revision or --event-id; or --from.');
}
