import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';

/** Answers carry the number of the socket that asked: the worker may still answer one that has been replaced. */
type ToWorker = { kind: 'start' | 'run'; socket: number; bytes: Uint8Array } | { kind: 'close' };
type FromWorker = { kind: 'ready' } | { kind: 'answer'; socket: number; bytes: Uint8Array<ArrayBuffer> };

const terminate = 0x58; // 'X' in the wire protocol: the client leaves, the session stays

/**
 * Stands in for the socket between node-postgres and a server. Everything written in one turn of the event loop goes to
 * the worker as one message; node-postgres always ends a turn on a message that asks for an answer.
 */
export class SessionSocket extends Duplex {
  readonly #send: (kind: 'start' | 'run', bytes: Uint8Array) => void;
  #started = false;
  #written: Buffer[] = [];

  constructor(send: (kind: 'start' | 'run', bytes: Uint8Array) => void) {
    super();
    this.#send = send;
  }

  receive(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.writableEnded && !this.destroyed) this.push(Buffer.from(bytes.buffer));
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
    this.#send(this.#started ? 'run' : 'start', bytes);
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
  #socketNumber = 0;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'answer' && message.socket === this.#socketNumber) this.#socket?.receive(message.bytes);
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
    const number = ++this.#socketNumber;
    this.#socket = new SessionSocket((kind, bytes) => {
      if (number === this.#socketNumber) this.#tell({ kind, socket: number, bytes });
    });
    return this.#socket;
  }

  /** Finishes what was sent, writes a checkpoint and ends the thread. */
  async close(): Promise<void> {
    if (!this.#failure) this.#tell({ kind: 'close' });
    await this.#ended;
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
