import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openEventStoreLog } from '../../../src/events/log/eventstoredb.ts';
import { all, appended } from '../../contract/log-support.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { type ProtocolServer, startProtocolServer } from '../../support/protocol-server/server.ts';

const directory = mkdtempSync(join(tmpdir(), 'orderfold-tls-'));
const [certificate, key] = [join(directory, 'ca.crt'), join(directory, 'server.key')];
const made = spawnSync('openssl', [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
  ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
]);
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(made.status !== 0)('TLS and credentials of the connection string (skipped without openssl)', () => {
  const connect = async (user: string, options: string) => {
    const reports: string[] = [];
    const server: ProtocolServer = await startProtocolServer({
      tls: { certificate: readFileSync(certificate), key: readFileSync(key) },
      credentials: { username: 'orders', password: 's3cret' },
    });
    const url = `esdb://${user}@localhost:${server.port}?tls=true${options}`;
    const log = openEventStoreLog({
      url,
      timeouts: { append: 2_000, read: 2_000 },
      report: (p) => reports.push(p.message),
    });
    const close = async () => {
      await log.close();
      await server.stop();
    };
    return { log, reports, close };
  };
  const trusting = `&tlsCAFile=${encodeURIComponent(certificate)}`;

  test('append, read and subscribe', async () => {
    const { log, close } = await connect('orders:s3cret', trusting);
    const stream = freshStream();
    const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 2), { expected: 'no-stream' }));
    expect(await all(log.readStream(stream))).toHaveLength(2);
    expect(await log.head()).toBe(position);
    for await (const message of log.subscribe({ after: 'start', signal: new AbortController().signal })) {
      if (message.kind === 'caught-up') break;
    }
    await close();
  });

  test('a wrong password is told by the read, and appears nowhere', async () => {
    const { log, reports, close } = await connect('orders:wr0ng', trusting);
    const stream = freshStream();
    await expect(all(log.readStream(stream))).rejects.toThrow('Unauthenticated');
    expect((await log.append(stream, sampleEvents(stream, 0, 1), { expected: 'no-stream' })).kind).toBe('unknown');
    expect(reports.join()).not.toContain('wr0ng');
    await close();
  });

  test('a certificate of an unknown authority is not accepted', async () => {
    const { log, close } = await connect('orders:s3cret', '');
    await expect(log.head()).rejects.toThrow();
    await close();
  });
});
