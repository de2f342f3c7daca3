import { type Logger, pino } from 'pino';

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
  'err.config',
  'err.parameters',
];

/** JSON lines on stderr, so that stdout stays free for what the user asked for. */
export function createLogger(level: string): Logger {
  return pino({ level, redact: { paths: redacted, censor: '[hidden]' } }, pino.destination(2));
}
