import { openEventStoreLog } from '../../../src/events/log/eventstoredb.ts';
import { eventLogContract } from '../../contract/eventLog.ts';
import { asProposed } from '../../support/protocol-server/opened.ts';
import { startProtocolServer } from '../../support/protocol-server/server.ts';

eventLogContract('EventStoreDB adapter on the protocol server', async () => {
  const server = await startProtocolServer();
  const log = openEventStoreLog({ url: server.url });
  return {
    log,
    second: async () => openEventStoreLog({ url: server.url }),
    killConnections: async () => server.wire.cut(),
    put: async (stream, events) => {
      server.store.append(stream, asProposed(events), 'no-stream');
    },
    close: async () => {
      await log.close();
      await server.stop();
    },
  };
});
