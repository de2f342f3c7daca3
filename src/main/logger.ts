import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

/** Every secret that could pass through a log line is replaced before it is written. */
const redacted = [
  'authorization',
  'cookie',
  'secret',
  'password',
  '*.authorization',
  '*.cookie',
  '*.secret',
  '*.password',
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["idempotency-key"]',
];

/** What an error says, and nothing that a library hung on it: a database driver hangs the whole connection on its errors. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  return { type, ...(typeof code === 'string' && { code }), message, stack };
}

/** JSON lines on stderr, so that stdout stays free for what the user asked for. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    { level, redact: { paths: redacted, censor: '[hidden]' }, serializers: { err: errorFields } },
    destination,
  );
}
