import { AppError } from '@sheaf/domain/app-error';
import { errorMessage, errorStack } from '@sheaf/runtime/loggable-error';
import { createLogger } from '@sheaf/runtime/logger';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';

const secret = 'a-token-that-opens-everything';

function setup() {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', name: 'test' }, { write: (line) => lines.push(line) });
  return { logger, output: () => lines.join(''), entry: () => JSON.parse(lines.at(-1) ?? '{}') };
}

/** As the driver makes it: the row that was in the way is in `detail`, the values sent in several fields. */
function postgresError(overrides: object = {}): Error {
  const fields = {
    code: '23505',
    severity: 'ERROR',
    detail: `Key (email)=(${secret}) already exists.`,
    where: `unnamed portal parameter $1 = '${secret}'`,
    query: `select '${secret}'`,
    parameters: [secret],
    args: [secret],
    ...overrides,
  };
  return Object.assign(new Error('duplicate key value violates unique constraint "users_email_key"'), fields);
}

/** A secret of several lines, one of which looks like the frame of a stack. */
const queryError = (cause: Error = postgresError()) =>
  new DrizzleQueryError('insert into users values ($1, $2)', [`${secret}\n    at ${secret} (a.ts:1:1)`, secret], cause);

const wrapped = () => new AppError('internal', 'It failed.', { cause: queryError(), detail: { userId: 'u1' } });

describe('createLogger', () => {
  test.each<[string, (logger: ReturnType<typeof setup>['logger']) => void]>([
    ['as err', (logger) => logger.error({ err: queryError() }, 'it broke')],
    ['as err without a message', (logger) => logger.error({ err: queryError() })],
    ['alone', (logger) => logger.error(queryError())],
    ['as error', (logger) => logger.warn({ error: queryError() }, 'it broke')],
    ['as the cause of another', (logger) => logger.error({ err: wrapped() }, 'it broke')],
    ['as the cause of another, alone', (logger) => logger.error(wrapped())],
    ['in an aggregate', (logger) => logger.error({ err: new AggregateError([wrapped(), queryError()], 'Two.') })],
    [
      'as a field of another',
      (logger) => logger.error({ err: Object.assign(new Error('x'), { inner: [queryError()] }) }),
    ],
    ['by its message', (logger) => logger.error({ err: queryError() }, queryError().message)],
    ['by its parts', (logger) => logger.warn({ error: { message: queryError().message, stack: queryError().stack } })],
    ['in the message of another', (logger) => logger.error(new Error(`Not done: ${queryError().message}`))],
    ['from a child', (logger) => logger.child({ job: 'gather' }).error(wrapped())],
  ])('writes no value of a failed query that is logged %s', (_, log) => {
    const { logger, output } = setup();
    log(logger);
    expect(output()).toContain('insert into users');
    expect(output()).not.toContain(secret);
  });

  test('writes what helps to find the fault: messages and stacks of the whole chain, codes and detail', () => {
    const { logger, entry } = setup();
    logger.error({ err: wrapped() }, 'request failed');
    const { msg, err } = entry();
    expect(msg).toBe('request failed');
    expect(err).toMatchObject({
      type: 'AppError',
      code: 'internal',
      detail: { userId: 'u1' },
      cause: { type: 'DrizzleQueryError', cause: { code: '23505', severity: 'ERROR' } },
    });
    expect(err.message).toMatch(/^It failed\.: Failed query: insert into users.*: duplicate key value/s);
    expect(err.stack.match(/logged-errors\.test\.ts/g).length).toBeGreaterThanOrEqual(3);
  });

  test('writes no value that PostgreSQL could not take', () => {
    const { logger, output } = setup();
    const cause = new Error(`invalid input syntax for type uuid: "${secret}"`);
    logger.error({ err: queryError(Object.assign(cause, { code: '22P02' })) });
    expect(output()).toContain('invalid input syntax for type uuid');
    expect(output()).not.toContain(secret);
  });

  test('survives errors that cause and contain each other', () => {
    const { logger, entry } = setup();
    const [first, second]: (Error & { other?: unknown })[] = [new Error('first'), new Error('second')];
    Object.assign(first!, { cause: second, other: [second] });
    Object.assign(second!, { cause: first, other: [first] });
    logger.error({ err: first }, 'odd');
    expect(entry().err.message).toBe('first: second');
  });

  test('leaves the error itself as it was', () => {
    const { logger } = setup();
    const error = queryError();
    logger.error({ err: error });
    expect(error.params).toContain(secret);
  });
});

test.each([wrapped(), queryError(), new Error(queryError().message), queryError().message])(
  'message and stack of %# for the terminal hold no value of the query',
  (error) => {
    expect(errorMessage(error)).not.toBe('');
    expect(errorMessage(error) + errorStack(error)).not.toContain(secret);
  },
);
