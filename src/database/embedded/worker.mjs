/**
 * The thread in which the embedded PostgreSQL runs. Speaks the PostgreSQL wire protocol in messages; see session.ts.
 * Plain JavaScript, because a worker thread does not inherit the TypeScript loader of the main thread.
 */
import { fsyncSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The file system of PGlite with a real fsync: as shipped it has none, and PostgreSQL's own calls go nowhere. */
class SyncedNodeFS extends NodeFS {
  async init(database, options) {
    const initialised = await super.init(database, options);
    initialised.emscriptenOpts.preRun.push(({ NODEFS }) => {
      NODEFS.stream_ops.fsync = (stream) => {
        fsyncSync(stream.nfd);
        return 0;
      };
    });
    return initialised;
  }
}

const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'), // -F turns fsync off
  '-c',
  'wal_sync_method=fsync', // fdatasync does nothing in emscripten
];
const database = await PGlite.create({ fs: new SyncedNodeFS(workerData.directory), startParams });

/** Answers leave in pieces of about this size, so a long result is never held as a whole on this side. */
const pieceSize = 256 * 1024;

function answer(socket, chunks, size) {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  parentPort.postMessage({ kind: 'answer', socket, bytes }, [bytes.buffer]);
}

/** Runs complete protocol messages. */
async function run({ socket, bytes }) {
  let chunks = [];
  let size = 0;
  const flush = () => {
    answer(socket, chunks, size);
    chunks = [];
    size = 0;
  };
  const onRawData = (view) => {
    chunks.push(view.slice()); // the view is into memory that the next statement overwrites
    size += view.length;
    if (size >= pieceSize) flush();
  };
  await database.execProtocolRawStream(bytes, { onRawData });
  if (size > 0) flush();
}

/** A new client on the one session: whatever the last one left behind is undone first. */
async function start({ socket, bytes }) {
  await database.exec('rollback');
  await database.exec('discard all');
  const greeting = await database.execProtocolRaw(bytes);
  answer(socket, [greeting], greeting.length);
}

async function close() {
  parentPort.removeAllListeners('message');
  await database.close();
  parentPort.close();
}

const handlers = { start, run, close };
let turn = Promise.resolve();
parentPort.on('message', (message) => {
  turn = turn.then(() => handlers[message.kind](message));
});
parentPort.postMessage({ kind: 'ready' });
