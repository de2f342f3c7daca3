import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import { appendHandler, batchAppendHandler } from './append.ts';
import { type ArmedFault, type CallName, createFaults, type Faults } from './faults.ts';
import { readHandler } from './read.ts';
import { deleteHandler, tombstoneHandler } from './remove.ts';
import { createEventStore, type EventStore } from './store.ts';
import { openWire, type Wire } from './wire.ts';

/**
 * A server that speaks enough of the EventStoreDB protocol for the unmodified client: features, append, batch append, read,
 * subscribe, delete, tombstone. It keeps everything in memory and breaks on demand.
 */
export interface ProtocolServer {
  readonly url: string;
  readonly port: number;
  readonly store: EventStore;
  readonly faults: Faults;
  readonly wire: Wire;
  /** How many calls of this kind arrived. */
  calls(name: CallName): number;
  /** How many calls are open. */
  open(): number;
  /** How many reads were left, or lost with their connection, before everything was sent. */
  abandoned(): number;
  /** How many messages were sent to readers and subscribers. */
  sent(): number;
  /** Goes away and comes back on the same port with the same events. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProtocolServerOptions {
  readonly wrongVersionAsTrailers?: boolean;
  /** Some servers do not tell the position in `$all` of an event that is read from its stream. */
  readonly withoutStreamPositions?: boolean;
  /** Servers before 23.10 never say that a subscription caught up. */
  readonly withoutCaughtUp?: boolean;
  /** Concurrent calls on one connection; Kestrel allows 100. */
  readonly maxConcurrentStreams?: number;
  /** Serves TLS with this certificate and demands these credentials. */
  readonly tls?: { readonly certificate: Buffer; readonly key: Buffer };
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** What the handlers share. */
export interface Rig {
  readonly store: EventStore;
  readonly options: ProtocolServerOptions;
  take(call: CallName, on: Call): ArmedFault | undefined;
  /** Lets the fault strike if this is its moment. True when the call is over for the handler. */
  strikes(fault: ArmedFault | undefined, moment: number, call: Call, answer?: sendUnaryData<never>): Promise<boolean>;
  /** Ends the call when the client did not prove who it is. */
  denies(call: Call, answer?: sendUnaryData<never>): boolean;
  /** Counts a message. */
  sending(): void;
  /** Counts a read that ended too early. */
  abandoning(): void;
}

interface Call {
  readonly metadata: { get(key: string): unknown[] };
  getPeer(): string;
  on(event: 'cancelled' | 'close', listener: () => void): unknown;
  emit(event: 'error', error: unknown): unknown;
  end?(): void;
}

export async function startProtocolServer(options: ProtocolServerOptions = {}): Promise<ProtocolServer> {
  const store = createEventStore();
  const faults = createFaults();
  const calls = new Map<CallName, number>();
  let open = 0;
  let sent = 0;
  let abandoned = 0;
  let wire: Wire | undefined;

  const authorization = options.credentials
    ? `Basic ${Buffer.from(`${options.credentials.username}:${options.credentials.password}`).toString('base64')}`
    : undefined;
  const rig: Rig = {
    store,
    options,
    take(name, call) {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      open += 1;
      call.on('close', () => {
        open -= 1;
      });
      return faults.take(name);
    },
    async strikes(fault, moment, call, answer) {
      if (!fault || fault.does === 'duplicate' || moment !== (fault.after ?? 0)) return false;
      fault.strike();
      if (fault.does === 'cut') wire?.cut(call.getPeer());
      else if (fault.does === 'end') call.end?.();
      else if (fault.does === 'delay') await fault.until;
      else if (fault.does === 'fail') {
        finish(fault.status ?? { code: status.INTERNAL, details: 'injected' }, call, answer);
      }
      return fault.does !== 'delay';
    },
    denies(call, answer) {
      if (!authorization || call.metadata.get('authorization')[0] === authorization) return false;
      finish({ code: status.UNAUTHENTICATED, details: 'Unauthenticated' }, call, answer);
      return true;
    },
    sending() {
      sent += 1;
    },
    abandoning() {
      abandoned += 1;
    },
  };

  const server = new Server({ 'grpc.max_concurrent_streams': options.maxConcurrentStreams ?? 100 });
  server.addService(streamsGrpc.StreamsService, {
    read: readHandler(rig),
    append: appendHandler(rig),
    batchAppend: batchAppendHandler(rig),
    delete: deleteHandler(rig),
    tombstone: tombstoneHandler(rig),
  });
  server.addService(featuresGrpc.ServerFeaturesService, {
    getSupportedMethods(_call: unknown, answer: sendUnaryData<features.SupportedMethods>) {
      calls.set('features', (calls.get('features') ?? 0) + 1);
      answer(null, supportedMethods());
    },
  });
  const port = await bind(server, options);
  const opened = await openWire(port);
  wire = opened;

  return {
    url: `esdb://localhost:${opened.port}?tls=${options.tls ? 'true' : 'false'}`,
    port: opened.port,
    store,
    faults,
    wire: opened,
    calls: (name) => calls.get(name) ?? 0,
    open: () => open,
    abandoned: () => abandoned,
    sent: () => sent,
    async restart() {
      await opened.down();
      await opened.up();
    },
    async stop() {
      await opened.down();
      server.forceShutdown();
    },
  };
}

function finish(error: { code: status; details: string }, call: Call, answer?: sendUnaryData<never>): void {
  if (answer) answer(error);
  else call.emit('error', error);
}

function bind(server: Server, { tls }: ProtocolServerOptions): Promise<number> {
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }])
    : ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

/** The client uses BatchAppend only if it is listed here. */
function supportedMethods(): features.SupportedMethods {
  const answer = new features.SupportedMethods().setEventStoreServerVersion('24.10.0');
  for (const name of ['append', 'batchappend', 'read', 'delete', 'tombstone']) {
    answer.addMethods(
      new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
    );
  }
  return answer;
}
