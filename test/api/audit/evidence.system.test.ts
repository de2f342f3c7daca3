import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage } from '../../../src/audit/evidence/verify.mjs';
import { filesOfZip } from '../../../src/audit/evidence/zip.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';

let running: TestApp;
let admin: ApiClient;
let auditor: ApiClient;
let desk: ApiClient;
let orderNo: string;

beforeAll(async () => {
  running = await startApp({ database: 'pglite' });
  const client = async (role: 'admin' | 'auditor' | 'order-desk') =>
    new ApiClient(running.app, await running.keyFor(role));
  [admin, auditor, desk] = [await client('admin'), await client('auditor'), await client('order-desk')];
  await admin.post('/v1/customers', customer());
  orderNo = (await admin.post('/v1/orders', order())).json().orderNo;
  await running.house.projected();
});
afterAll(() => running.close());

describe('tamper evidence over HTTP', () => {
  it('begins without a checkpoint', async () => {
    expect((await auditor.get('/v1/audit/checkpoints/latest')).json()).toMatchObject({
      checkpoint: null,
      publicKey: null,
    });
    const early = await auditor.get(`/v1/audit/orders/${orderNo}/verify`);
    expect([early.statusCode, early.json().code]).toEqual([409, 'not-under-checkpoint']);
  });

  it('signs when an admin says so, and shows the checkpoints to auditors', async () => {
    expect((await auditor.post('/v1/audit/checkpoints')).statusCode).toBe(403);
    const signed = (await admin.post('/v1/audit/checkpoints')).json();
    expect(signed.note).toContain(signed.root);
    await admin.post(`/v1/orders/${orderNo}/accept`);
    const next = (await admin.post('/v1/audit/checkpoints')).json();
    const page = await auditor.get('/v1/audit/checkpoints?limit=1');
    expect(page.json()).toEqual({ checkpoints: [next] });
    expect(page.headers.link).toBe(`</v1/audit/checkpoints?below=${next.size}&limit=1>; rel="next"`);
    expect((await auditor.get('/v1/audit/checkpoints/latest')).json()).toMatchObject({
      checkpoint: next,
      tree: { state: 'live' },
    });
    const note = await auditor.get('/v1/audit/checkpoints/latest', { accept: 'text/plain' });
    expect([note.body, note.headers['content-type']]).toEqual([next.note, 'text/plain; charset=utf-8']);
    expect((await desk.get('/v1/audit/checkpoints')).statusCode).toBe(403);
  });

  it('proves and verifies', async () => {
    const verdict = (await auditor.get(`/v1/audit/orders/${orderNo}/verify`)).json();
    expect(verdict).toMatchObject({ ok: true, findings: [] });
    const { stream } = verdict.streams[0];
    const proof = await auditor.get(`/v1/audit/proofs/inclusion?stream=${stream}&revision=0`);
    expect(proof.json()).toMatchObject({ stream, revision: 0, size: verdict.checkpoint.size });
    expect((await auditor.get(`/v1/audit/proofs/inclusion?position=${proof.json().position}`)).json()).toEqual(
      proof.json(),
    );
    expect((await auditor.get(`/v1/audit/proofs/inclusion?stream=${stream}`)).statusCode).toBe(400);
    expect((await auditor.get(`/v1/audit/proofs/inclusion?stream=none&revision=0`)).statusCode).toBe(404);
    expect((await auditor.get(`/v1/audit/proofs/consistency?from=1`)).json()).toMatchObject({ from: { size: 1 } });
    expect((await auditor.get(`/v1/audit/proofs/consistency?from=9999`)).statusCode).toBe(400);
    expect((await auditor.get('/v1/audit/orders/00000000-0000-4000-8000-000000000000/verify')).statusCode).toBe(404);
  });

  it('gives evidence that holds, to auditors', async () => {
    expect((await desk.get(`/v1/audit/orders/${orderNo}/evidence`)).statusCode).toBe(403);
    const answer = await auditor.get(`/v1/audit/orders/${orderNo}/evidence`);
    expect(answer.headers['content-type']).toBe('application/zip');
    const { ok, lines } = checkPackage(filesOfZip(answer.rawPayload));
    expect(lines.filter((line) => !line.ok)).toEqual([]);
    expect(ok).toBe(true);
  });
});
