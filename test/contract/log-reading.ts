import { describe, expect, test } from 'vitest';
import type { Revision } from '../../src/events/envelope.ts';
import { freshStream, sampleEvents } from '../support/events.ts';
import type { UnderTest } from './eventLog.ts';
import { all, appended } from './log-support.ts';

export function reading(underTest: UnderTest): void {
  describe('readStream', () => {
    const filled = async (count: number) => {
      const { log } = underTest();
      const stream = freshStream();
      // In pieces: EventStoreDB takes at most 1 MiB in one append.
      for (let from = 0; from < count; from += 500) {
        const events = sampleEvents(stream, from, Math.min(500, count - from));
        await appended(log.append(stream, events, { expected: from === 0 ? 'no-stream' : from - 1 }));
      }
      return { log, stream };
    };

    test('finds nothing in a stream that does not exist', async () => {
      expect(await all(underTest().log.readStream(freshStream()))).toEqual([]);
    });

    test.each<[{ after?: Revision; upTo?: Revision }, Revision[]]>([
      [{ after: 2 }, [3, 4, 5]],
      [{ upTo: 2 }, [0, 1, 2]],
      [{ after: 0, upTo: 3 }, [1, 2, 3]],
      [{ after: 5 }, []],
      [{ after: 9 }, []],
      [{ upTo: 99 }, [0, 1, 2, 3, 4, 5]],
    ])('reads %j', async (options, revisions) => {
      const { log, stream } = await filled(6);
      expect((await all(log.readStream(stream, options))).map((e) => e.revision)).toEqual(revisions);
    });

    test('reads a long stream whole and in order', async () => {
      const { log, stream } = await filled(2_500);
      const revisions = (await all(log.readStream(stream))).map((e) => e.revision);
      expect(revisions).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
    });

    test('can be left early and read again, often', async () => {
      const { log, stream } = await filled(1_500);
      for (let i = 0; i < 40; i++) {
        for await (const event of log.readStream(stream)) if (event.revision === i) break;
      }
      expect(await all(log.readStream(stream))).toHaveLength(1_500);
    });

    test('ends with the reason of its signal', async () => {
      const { log, stream } = await filled(1_500);
      const stop = new AbortController();
      const reason = new Error('no longer wanted');
      const read = async () => {
        for await (const event of log.readStream(stream, { signal: stop.signal })) {
          if (event.revision === 3) stop.abort(reason);
        }
      };
      await expect(read()).rejects.toBe(reason);
    });
  });
}
