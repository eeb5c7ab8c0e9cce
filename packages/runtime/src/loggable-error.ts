/** Fields in which drivers of databases keep statements and values that were sent or found. */
const secretive = new Set([
  'params',
  'parameters',
  'args',
  'query',
  'where',
  'internal_query',
  'raw',
  'stack',
  'cause',
]);
const deepest = 8;

type ErrorLike = { message: string; stack?: unknown; cause?: unknown; errors?: unknown } & Record<string, unknown>;

/**
 * What may be written about an error: type, message, stack and fields of it and of all its causes, without the values
 * of a failed query. Those may be passwords and tokens, and drivers put them into messages, stacks and fields alike.
 * A pino serializer; what is no error comes back as it is, with the errors inside it made harmless.
 */
export function loggableError(value: unknown): unknown {
  return loggable(value, 0, new Set());
}

/** An error's message in the same way, or anything else that was thrown as text. */
export function errorMessage(error: unknown): string {
  return isErrorLike(error) ? harmlessMessage(error) : withoutParameters(String(error));
}

/** An error's stack and those of its causes in the same way; the message where there is none. */
export function errorStack(error: unknown): string {
  if (!isErrorLike(error)) return errorMessage(error);
  return causesOf(error).map(harmlessStack).join('\ncaused by: ');
}

/** Text without what drizzle's messages end with: the values of the query that failed. */
export function withoutParameters(text: string): string {
  return text.replace(/\nparams:[\s\S]*/, '');
}

function loggable(value: unknown, depth: number, above: ReadonlySet<unknown>): unknown {
  if (typeof value === 'string') return withoutParameters(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest || above.has(value)) return '[left out]';
  const here = new Set(above).add(value);
  const inside = (inner: unknown) => loggable(inner, depth + 1, here);
  if (Array.isArray(value)) return value.map(inside);
  if (isErrorLike(value)) return loggableFields(value, inside);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inside(inner)]));
}

function loggableFields(error: ErrorLike, inside: (value: unknown) => unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    type: error instanceof Error ? error.constructor.name : (error.type ?? 'Error'),
    message: causesOf(error).map(harmlessMessage).join(': '),
    stack: errorStack(error),
  };
  if (Array.isArray(error.errors)) fields.errors = error.errors.map(inside);
  for (const [key, value] of Object.entries(error)) {
    // As text, `detail` is PostgreSQL's, which quotes the row; ours is an object that holds no secrets.
    if (key in fields || secretive.has(key) || (key === 'detail' && typeof value === 'string')) continue;
    fields[key] = inside(value);
  }
  // Those of the cause say what happened, such as a code of PostgreSQL; they would be lost with it.
  const cause = isErrorLike(error.cause) ? inside(error.cause) : undefined;
  if (typeof cause === 'object') fields.cause = { ...cause, message: undefined, stack: undefined };
  return fields;
}

/** The error and its causes, outermost first. */
function causesOf(error: ErrorLike): ErrorLike[] {
  const chain: ErrorLike[] = [];
  for (let next: unknown = error; isErrorLike(next) && !chain.includes(next); next = next.cause) chain.push(next);
  return chain;
}

function harmlessMessage(error: ErrorLike): string {
  const message = withoutParameters(error.message);
  // PostgreSQL's data exceptions end with the value that it could not take.
  const isDataException = typeof error.code === 'string' && /^22[0-9A-Z]{3}$/.test(error.code);
  return isDataException ? message.replace(/"[\s\S]*"/, '"[hidden]"') : message;
}

function harmlessStack(error: ErrorLike): string {
  const message = harmlessMessage(error);
  if (typeof error.stack !== 'string') return message;
  if (error.message !== '' && error.stack.includes(error.message)) {
    const [head = '', ...frames] = error.stack.split(error.message);
    return withoutParametersAbove(`${head}${message}${frames.join(message)}`);
  }
  // The message was changed since the stack was taken, so that its end is not known: only the frames are kept.
  const frames = error.stack.split('\n').filter((line) => /^ {4}at \S.*[:)]/.test(line));
  return [`${String(error.name ?? 'Error')}: ${message}`, ...frames].join('\n');
}

/** For a stack that begins with another's text. */
function withoutParametersAbove(stack: string): string {
  return stack.replace(/\nparams:[\s\S]*?(?=\n {4}at |$)/g, '');
}

function isErrorLike(value: unknown): value is ErrorLike {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Error || ('message' in value && 'stack' in value && typeof value.message === 'string');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
