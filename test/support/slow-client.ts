import { connect, type Socket } from 'node:net';

/** Asks for a path and reads a byte a second of the answer. */
export function slowClient({ url, key }: { readonly url: string; readonly key: string }, path: string): Socket {
  const { hostname, port } = new URL(url);
  const client = connect(Number(port), hostname);
  client.pause();
  client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  const reading = setInterval(() => client.read(1), 1_000);
  client.once('close', () => clearInterval(reading));
  return client;
}
