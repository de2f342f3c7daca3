import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';

export type ToWorker = { kind: 'start'; bytes: Uint8Array } | { kind: 'run'; bytes: Uint8Array } | { kind: 'close' };
export type FromWorker = { kind: 'ready' } | { kind: 'answer'; bytes: Uint8Array<ArrayBuffer> };

const terminate = 0x58; // 'X' in the wire protocol: the client leaves, the session stays

/**
 * Stands in for the socket between node-postgres and a server. Everything written in one turn of the event loop goes to
 * the worker as one message; node-postgres always ends a turn on a message that asks for an answer.
 */
export class SessionSocket extends Duplex {
  readonly #send: (message: ToWorker) => void;
  #started = false;
  #written: Buffer[] = [];

  constructor(send: (message: ToWorker) => void) {
    super();
    this.#send = send;
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!(chunk.length === 5 && chunk[0] === terminate)) {
      this.#written.push(chunk);
      if (this.#written.length === 1) setImmediate(() => this.#flush());
    }
    done();
  }

  #flush(): void {
    const bytes = Uint8Array.from(Buffer.concat(this.#written));
    this.#written = [];
    this.#send({ kind: this.#started ? 'run' : 'start', bytes });
    this.#started = true;
  }

  override _read(): void {
    // The worker pushes; it only answers what was asked, so there is nothing to hold back.
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  // What node-postgres expects of a socket.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** The worker thread and the one socket that is connected to it. */
export class EmbeddedSession {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #socket: SessionSocket | undefined;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'answer') this.#socket?.push(Buffer.from(message.bytes.buffer));
    });
    worker.on('error', (cause) => {
      this.#failure = new Error(`The embedded database stopped: ${cause.message}`, { cause });
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#failure ??= new Error('The embedded database is closed');
        this.#socket?.destroy(this.#failure);
        resolve();
      });
    });
  }

  /** Starts PostgreSQL on the directory. Rejects with the reason when it cannot start. */
  static async start(directory: string): Promise<EmbeddedSession> {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { directory }, execArgv: [] });
    const session = new EmbeddedSession(worker);
    await Promise.race([
      new Promise<void>((resolve) => worker.once('message', () => resolve())),
      session.#ended.then(() => Promise.reject(session.#failure)),
    ]);
    return session;
  }

  /** The socket of the next client. The session has room for one; an older one is disconnected. */
  connect(): SessionSocket {
    if (this.#failure) {
      const failed = new SessionSocket(() => {});
      process.nextTick(() => failed.destroy(this.#failure));
      return failed;
    }
    this.#socket?.destroy();
    const socket: SessionSocket = new SessionSocket((message) => {
      if (socket === this.#socket) this.#worker.postMessage(message);
    });
    this.#socket = socket;
    return socket;
  }

  /** Finishes what was sent, writes a checkpoint and ends the thread. */
  async close(): Promise<void> {
    if (!this.#failure) this.#worker.postMessage({ kind: 'close' } satisfies ToWorker);
    await this.#ended;
  }
}
