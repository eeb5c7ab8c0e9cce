import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { errorMessage, loggableError, withoutParameters } from './loggable-error.ts';

export type Logger = PinoLogger;

/**
 * Structured logs, one JSON object a line, on stdout unless told. Credentials and link tokens are never written, nor
 * the values of queries that failed, which may be either.
 */
export function createLogger(options: { level: string; name: string }, destination?: DestinationStream): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      serializers: { err: loggableError, error: loggableError, cause: loggableError, reason: loggableError },
      hooks: {
        logMethod(args, method) {
          method.apply(this, harmless(args));
        },
      },
      redact: {
        paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.secret'],
        censor: '[hidden]',
      },
    },
    destination,
  );
}

/** pino makes an error's message the line's own where there is none, past the serializers. */
function harmless<A extends unknown[]>(args: A): A {
  const [first, ...rest] = args.map((arg) => (typeof arg === 'string' ? withoutParameters(arg) : arg));
  if (first instanceof Error) return [{ err: first }, ...(rest.length > 0 ? rest : [errorMessage(first)])] as A;
  if (
    rest.length === 0 &&
    typeof first === 'object' &&
    first !== null &&
    'err' in first &&
    first.err instanceof Error
  ) {
    return [first, errorMessage(first.err)] as unknown as A;
  }
  return [first, ...rest] as A;
}
