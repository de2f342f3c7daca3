import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Problem } from '../problems.ts';
import type { Api } from './api.ts';

export interface LiveStreams {
  /** Answers with what `messages` yields until it ends, the client leaves, or the server closes. Throws overloaded. */
  open(reply: FastifyReply, messages: (signal: AbortSignal) => AsyncIterable<string>): FastifyReply;
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  // Nothing follows on this connection; kept alive, it would hold up close().
  connection: 'close',
} as const;

/** Server-sent events, at most `max` streams at a time. Messages are pulled: none is made while the socket is full. */
export function liveStreams(app: Api, max: number): LiveStreams {
  const open = new Set<AbortController>();
  // Without this, close() waits for as long as a client stays connected.
  app.addHook('preClose', (done) => {
    for (const stream of open) stream.abort();
    done();
  });
  return {
    open: (reply, messages) => {
      if (open.size >= max) {
        throw new Problem('overloaded', {
          detail: 'Too many live streams are open.',
          headers: { 'retry-after': '30' },
        });
      }
      const stream = new AbortController();
      open.add(stream);
      const leave = () => {
        stream.abort();
        open.delete(stream);
      };
      // Who has left already says so no second time.
      if (reply.raw.destroyed) leave();
      else reply.raw.once('close', leave);
      return reply
        .headers(headers)
        .send(Readable.from(messages(stream.signal), { objectMode: false, highWaterMark: 1 }));
    },
  };
}
