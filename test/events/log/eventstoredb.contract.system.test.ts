import { openEventStoreLog } from '../../../src/events/log/eventstoredb.ts';
import { eventLogContract } from '../../contract/eventLog.ts';
import { startProtocolServer } from '../../support/protocol-server/server.ts';

eventLogContract('EventStoreDB adapter on the protocol server', async () => {
  const server = await startProtocolServer();
  const log = openEventStoreLog({ url: server.url });
  return {
    log,
    second: async () => openEventStoreLog({ url: server.url }),
    killConnections: async () => server.wire.cut(),
    close: async () => {
      await log.close();
      await server.stop();
    },
  };
});
