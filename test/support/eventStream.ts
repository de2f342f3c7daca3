export interface ServerEvent {
  readonly id: string;
  readonly data: { readonly orderId: string; readonly version: number; readonly status: string };
}

/** Reads server-sent events over a real connection. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #gone: AbortController;
  #text = '';
  /** Comments seen, e.g. heartbeats. */
  comments = 0;

  private constructor(body: ReadableStream<Uint8Array>, gone: AbortController) {
    this.#gone = gone;
    this.#reader = body.getReader();
  }

  static async open(url: string, key: string, lastEventId?: string): Promise<EventStream> {
    const gone = new AbortController();
    const headers = {
      authorization: `Bearer ${key}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const answer = await fetch(url, { headers, signal: gone.signal });
    if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
    return new EventStream(answer.body as ReadableStream<Uint8Array>, gone);
  }

  /** The next event; undefined when the server has ended the stream. */
  async next(): Promise<ServerEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const event = this.#parse(block);
        if (event) return event;
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  /** Resolves when the server has sent a comment more. */
  async nextComment(): Promise<void> {
    while (!/^:.*\n\n/m.test(this.#text)) {
      const { done, value } = await this.#reader.read();
      if (done) throw new Error('The stream ended');
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    this.#text = this.#text.replace(/^:.*\n\n/m, '');
    this.comments += 1;
  }

  #parse(block: string): ServerEvent | undefined {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const data = fields.get('data');
    return data === undefined ? undefined : { id: fields.get('id') ?? '', data: JSON.parse(data) };
  }

  close(): void {
    this.#gone.abort();
  }
}
