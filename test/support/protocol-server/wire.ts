import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * The cable between client and server: a TCP front door that passes every byte on, and that a test can cut, freeze and
 * take down. Freezing is what a stopped process or an unplugged network looks like: connections stay open, nothing moves.
 */
export interface Wire {
  readonly port: number;
  /** Open TCP connections of clients. */
  connections(): number;
  /** TCP connections so far, closed ones included. */
  accepted(): number;
  /** Destroys one connection (`peer` as the gRPC server sees it) or all of them. */
  cut(peer?: string): void;
  freeze(): void;
  thaw(): void;
  /** Refuses connections until `up`, which listens on the same port again. */
  down(): Promise<void>;
  up(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function openWire(serverPort: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  let frozen = false;
  let accepted = 0;

  const front = createServer((client) => {
    const pair = { client, server: connect(serverPort, '127.0.0.1') };
    pairs.add(pair);
    accepted += 1;
    for (const socket of [pair.client, pair.server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => destroy(pair));
    }
    if (!frozen) join(pair);
  });
  const destroy = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  };
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      front.once('error', reject);
      front.listen(port, '127.0.0.1', () => {
        front.off('error', reject);
        resolve((front.address() as AddressInfo).port);
      });
    });

  const port = await listen(0);
  return {
    port,
    connections: () => pairs.size,
    accepted: () => accepted,
    cut(peer) {
      for (const pair of pairs) if (!peer || peer.endsWith(`:${pair.server.localPort}`)) destroy(pair);
    },
    freeze() {
      frozen = true;
      for (const pair of pairs) part(pair);
    },
    thaw() {
      frozen = false;
      for (const pair of pairs) join(pair);
    },
    async down() {
      const closed = new Promise((resolve) => front.close(resolve));
      for (const pair of pairs) destroy(pair);
      await closed;
    },
    async up() {
      await listen(port);
    },
  };
}

function join({ client, server }: Pair): void {
  client.pipe(server);
  server.pipe(client);
}

function part({ client, server }: Pair): void {
  client.unpipe(server).pause();
  server.unpipe(client).pause();
}
