import { randomUUID } from 'node:crypto';
import type { Api } from '../../src/api/http/api.ts';

/** A caller of the HTTP API with one key. Every command gets a fresh idempotency key unless the headers name one. */
export class ApiClient {
  readonly #app: Api;
  readonly #key: string;
  constructor(app: Api, key: string) {
    this.#app = app;
    this.#key = key;
  }

  get(url: string, headers: Record<string, string> = {}) {
    return this.#app.inject({ url, headers: { authorization: `Bearer ${this.#key}`, ...headers } });
  }

  post(url: string, payload: object = {}, headers: Record<string, string> = {}) {
    return this.#app.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization: `Bearer ${this.#key}`, 'idempotency-key': randomUUID(), 'if-match': '*', ...headers },
    });
  }

  /** Reads what was written with an answer that carried this position. */
  getAt(url: string, position: unknown) {
    return this.get(url, { 'orderfold-min-position': String(position), prefer: 'wait=10' });
  }
}

export const customer = (customerId = 'C-1') => ({ customerId, name: `Customer ${customerId}`, zone: 'Europe/Berlin' });

export const order = (customerId = 'C-1', more: object = {}) => ({
  customerId,
  currency: 'EUR',
  lines: [
    { sku: 'PUMP-1', qty: { value: '10', uom: 'C62' }, unitPrice: { amount: '12.50', currency: 'EUR' } },
    { sku: 'SEAL-2', qty: { value: '4.5', uom: 'KGM' } },
  ],
  ...more,
});
