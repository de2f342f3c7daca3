import { describe, test } from 'vitest';
import { openEventStoreLog } from '../../../src/events/log/eventstoredb.ts';
import { eventLogContract } from '../../contract/eventLog.ts';

/** The contract on a real server, given by EVENTSTORE_URL: see docs/running.md. It only adds streams of its own. */
const url = process.env.EVENTSTORE_URL;

if (url) {
  eventLogContract('live EventStoreDB', async () => {
    const log = openEventStoreLog({ url, report: ({ message }) => console.warn(message) });
    return { log, second: async () => openEventStoreLog({ url }), close: () => log.close() };
  });
} else {
  describe('live EventStoreDB', () => {
    test('the event log contract', ({ skip }) => skip('EVENTSTORE_URL is not set: see docs/running.md'));
  });
}
