import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyHashOf } from '../../../src/api/http/preconditions.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { kinds } from '../../support/databases.ts';
import { shownHead } from '../../support/shown.ts';

const ada = {
  name: 'Ada Quillfeather',
  email: 'ada.quillfeather@example.test',
  phone: '+49 30 555 0100',
  role: 'purchasing',
  address: { lines: ['Werftstrasse 1', 'Tor 3'], postcode: '20457', city: 'Hamburg', country: 'Germany' },
};

describe.each(kinds())('contacts on %s', (database) => {
  let running: TestApp;
  let admin: ApiClient;
  const clientOf = async (role: Parameters<TestApp['keyFor']>[0], customerId?: string) =>
    new ApiClient(running.app, await running.keyFor(role, customerId));

  beforeAll(async () => {
    running = await startApp({ database });
    admin = await clientOf('admin');
    await admin.post('/v1/customers', customer('C-1'));
    await admin.post('/v1/customers', customer('C-2'));
  });
  afterAll(() => running.close());

  async function added(details: object = ada, customerId = 'C-1') {
    const answer = await admin.post(`/v1/customers/${customerId}/contacts`, details);
    expect(answer.statusCode, answer.body).toBe(201);
    return { ...(answer.json() as { contactId: string }), position: answer.headers['orderfold-position'] };
  }

  it('are recorded sealed, and shown in plain to those who may read them', async () => {
    const { contactId, position } = await added();
    const events = [];
    for await (const event of running.house.log.readStream(`contact-${contactId}`)) events.push(event);
    expect(JSON.stringify(events)).not.toContain('Quillfeather');
    expect(events[0]?.data).toMatchObject({ role: 'purchasing', name: { person: contactId, key: 1 } });
    const desk = await clientOf('order-desk');
    expect((await desk.getAt(`/v1/contacts/${contactId}`, position)).json()).toMatchObject({ ...ada, contactId });
    const list = (await desk.get('/v1/customers/C-1/contacts')).json();
    expect(list.contacts).toContainEqual(expect.objectContaining(ada));
  });

  it('are masked for auditors', async () => {
    const { contactId, position } = await added();
    const auditor = await clientOf('auditor');
    const shown = (await auditor.getAt(`/v1/contacts/${contactId}`, position)).json();
    expect(shown).toMatchObject({ name: '[sealed]', address: '[sealed]', role: 'purchasing' });
  });

  it('are changed field by field, and cleared with null', async () => {
    const { contactId } = await added();
    const answer = await admin.post(`/v1/contacts/${contactId}/changes`, { phone: '+49 30 555 0199', email: null });
    const shown = (await admin.getAt(`/v1/contacts/${contactId}`, answer.headers['orderfold-position'])).json();
    expect(shown).toMatchObject({ name: ada.name, phone: '+49 30 555 0199', version: 1 });
    expect(shown).not.toHaveProperty('email');
    expect((await admin.post(`/v1/contacts/${contactId}/changes`, {})).json().code).toBe('nothing-asked');
  });

  it('are added once, however often the request is repeated', async () => {
    const key = { 'idempotency-key': `once-${database}` };
    const first = await admin.post('/v1/customers/C-2/contacts', ada, key);
    const again = await admin.post('/v1/customers/C-2/contacts', ada, key);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotent-replayed']).toBe('true');
    const other = await admin.post('/v1/customers/C-2/contacts', { ...ada, name: 'Somebody Else' }, key);
    expect(other.json().code).toBe('idempotency-key-reused');
    const receipts = await running.house.database.query({ text: 'select * from command_receipts' });
    expect(JSON.stringify(receipts)).not.toContain('Quillfeather');
    const guessed = bodyHashOf('POST /v1/customers/:customerId/contacts', '/v1/customers/C-2/contacts', ada);
    expect(JSON.stringify(receipts), 'who guesses the words finds no hash of them').not.toContain(guessed);
  });

  it('belong to their customer alone', async () => {
    const { contactId, position } = await added();
    const [own, other] = [await clientOf('customer', 'C-1'), await clientOf('customer', 'C-2')];
    expect((await own.getAt(`/v1/contacts/${contactId}`, position)).json().name).toBe(ada.name);
    expect((await other.getAt(`/v1/contacts/${contactId}`, position)).statusCode).toBe(404);
    expect((await other.get('/v1/customers/C-1/contacts')).statusCode).toBe(404);
    expect((await other.post(`/v1/contacts/${contactId}/changes`, { role: 'mine' })).statusCode).toBe(404);
    expect((await own.post(`/v1/contacts/${contactId}/changes`, { role: 'planning' })).statusCode).toBe(200);
  });

  it('are named by orders, whose contact the warehouse can ask', async () => {
    const { contactId } = await added();
    const place = (customerId: string) =>
      admin.post('/v1/orders', order(customerId, { shipTo: { zone: 'Europe/Berlin', contactId } }));
    const placed = await place('C-1');
    expect(placed.statusCode, placed.body).toBe(201);
    const { orderId } = placed.json();
    const warehouse = await clientOf('warehouse');
    const url = `/v1/orders/${orderId}/contact`;
    expect((await warehouse.getAt(url, placed.headers['orderfold-position'])).json().phone).toBe(ada.phone);
    expect((await place('C-2')).json().code).toBe('contact-of-another');
    await admin.post(`/v1/contacts/${contactId}/changes`, { role: 'gate' });
    const gone = await running.app.inject({
      method: 'DELETE',
      url: `/v1/contacts/${contactId}`,
      headers: { authorization: `Bearer ${await running.keyFor('admin')}`, 'idempotency-key': contactId },
    });
    expect(gone.statusCode, gone.body).toBe(200);
    expect((await place('C-1')).json().code).toBe('contact-removed');
  });

  it('are read on record: who, when, about what, whose', async () => {
    const { contactId, position } = await added();
    const desk = await clientOf('order-desk');
    await desk.getAt(`/v1/contacts/${contactId}`, position);
    const auditor = await clientOf('auditor');
    await auditor.getAt(`/v1/contacts/${contactId}`, position);
    const head = await shownHead(running.house);
    const { reads } = (await auditor.getAt(`/v1/access-log?person=${contactId}`, head)).json();
    expect(reads).toMatchObject([
      { what: 'personal-data', role: 'order-desk', subject: `contact-${contactId}`, persons: [contactId] },
    ]);
    expect((await desk.get('/v1/access-log')).statusCode).toBe(403);
  });

  it('can be erased for ever by an admin, and by nobody else', async () => {
    const { contactId, position } = await added();
    const reason = { code: 'gdpr-17' };
    const desk = await clientOf('order-desk');
    expect((await desk.post(`/v1/persons/${contactId}/erase`, { reason })).statusCode).toBe(403);
    await shownHead(running.house);
    const before = (await admin.getAt(`/v1/persons/${contactId}`, position)).json();
    expect(before.contacts).toEqual([{ contactId, customerId: 'C-1', ...ada }]);

    const erased = await admin.post(`/v1/persons/${contactId}/erase`, { reason });
    expect(erased.statusCode, erased.body).toBe(200);
    const shown = (await admin.getAt(`/v1/contacts/${contactId}`, erased.json().position)).json();
    expect(shown).toMatchObject({ name: '[erased]', email: '[erased]', address: '[erased]', role: 'purchasing' });
    await shownHead(running.house);
    const after = (await admin.get(`/v1/persons/${contactId}`)).json();
    expect(after.contacts[0]).toMatchObject({ name: '[erased]' });
    expect(after.reads).toHaveLength(1);
    expect(JSON.stringify(after)).not.toContain('Quillfeather');
    expect((await admin.post(`/v1/contacts/${contactId}/changes`, { name: 'Ada' })).json().code).toBe('person-erased');

    const again = await admin.post(`/v1/persons/${contactId}/erase`, { reason });
    expect(again.json()).toEqual({ ...erased.json(), repeated: true });
    const nobody = '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a';
    expect((await admin.post(`/v1/persons/${nobody}/erase`, { reason })).json().code).toBe('person-unknown');
    expect((await admin.get(`/v1/persons/${nobody}`)).json().code).toBe('person-unknown');
  });
});
