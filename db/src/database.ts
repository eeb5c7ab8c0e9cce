import { AppError } from '@sheaf/domain/app-error';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import { openSocket } from './open-socket.ts';
import * as schema from './schema.ts';

/** What a repository takes: the pool or a transaction, it cannot tell which. */
export type Executor = PostgresJsDatabase<typeof schema>;

export interface Database {
  /** Statements of their own. */
  orm: Executor;
  /**
   * `orm` for statements about a few rows that are sent again and again in the same words. Each connection prepares them
   * once: that saves parsing, planning and, in postgres.js, a round trip to learn the parameters' types, which together
   * were half of a statement's time. Not for words that vary with what is asked for, since connections keep each of
   * them, nor for long lists of ids, since the plan is one for short ones.
   */
  prepared: Executor;
  /**
   * Runs `work` in one transaction. The handle dies with the transaction: once `begin` has been rejected (a lost
   * connection, say), every further statement on it is refused instead of running alone on another connection.
   */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
  /**
   * Calls `onNotify` on every NOTIFY of the channel; subscribes again by itself after a lost connection, and calls
   * `onSubscribed` each time: what was sent before is lost.
   */
  listen(
    channel: string,
    onNotify: (payload: string) => void,
    onSubscribed?: () => void,
  ): Promise<{ unlisten(): Promise<void> }>;
  /** One round trip; throws `service.unavailable` when the database cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections in the pool; one more is used while listening. */
  maxConnections?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Longest that a transaction may wait for its own process before the server ends it. */
  idleInTransactionMs?: number;
}

/**
 * A process that is stopped in the middle of a transaction, with its machine say, keeps what it has locked: the end of
 * the audit log, at worst, for which everybody else waits. Nothing that waits for something else does so for as long.
 */
const idleInTransactionMs = 20_000;

/**
 * Seconds before the next attempt, after so many failed ones of the whole pool. postgres.js's own pause grows to 20 s with
 * them: a server that was away for a moment was not asked again for as long.
 */
const reconnectAfter = (failures: number) => Math.min(0.01 * 3 ** failures, 0.5);

/**
 * postgres.js gathers up to so many bytes before it writes. A connection that ends meanwhile keeps them and the belief that
 * they are about to be written, so that those that follow in its place say nothing until they time out, for minutes. A
 * first message that is long enough is sent at once, with the remains: the server ends that one, and the next is sound.
 * The option itself changes nothing: PgBouncer takes no blanks without one. `?options=` in a URL replaces all of it.
 */
const startOptions = `${' '.repeat(1_024)}-c client_encoding=UTF8`;

/** postgres.js's types lack it. Of several hosts it takes one after the other itself. */
const socketFor = (url: string): object => (url.includes(',') ? {} : { socket: openSocket });

/** Opens a pool. Connects lazily: an unreachable server shows at the first statement. */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const client = postgres(url, {
    max: options.maxConnections ?? 10,
    connect_timeout: 10,
    backoff: reconnectAfter,
    ...socketFor(url),
    idle_timeout: 300,
    // Arrays come as text, which drizzle reads for its columns. Asking each new connection for their types cost a round trip,
    // and the process where the database went away meanwhile: nobody handles that query's error in postgres.js.
    fetch_types: false,
    onnotice: () => {},
    connection: {
      application_name: options.applicationName ?? 'sheaf',
      options: startOptions,
      idle_in_transaction_session_timeout: options.idleInTransactionMs ?? idleInTransactionMs,
    },
  });
  return {
    orm: drizzle(sound(client), { schema }),
    prepared: drizzle(sound(client, prepare), { schema }),
    async transaction(work) {
      const fence: Fence = { open: true };
      try {
        return (await client.begin((tx) =>
          whileOpen(fence, work(drizzle(fenced(client, tx, fence), { schema }))),
        )) as never;
      } finally {
        fence.open = false;
      }
    },
    async listen(channel, onNotify, onSubscribed) {
      return client.listen(channel, onNotify, onSubscribed);
    },
    async ping() {
      try {
        await client`select 1`;
      } catch (cause) {
        throw new AppError('service.unavailable', 'The database cannot be reached.', { retryable: true, cause });
      }
    },
    async close() {
      await client.end({ timeout: 5 });
    },
  };
}

/** Without `simple: false`, which the types lack, postgres.js sends statements without parameters as they are. */
const prepare: object = { prepare: true, simple: false };

/**
 * The client with results that are sound, and statements sent as `how` says: drizzle asks for prepared ones only where each
 * is given a name by hand.
 */
function sound(client: Sql, how?: object): Sql {
  return new Proxy(client, {
    get(target, property) {
      if (property !== 'unsafe') return Reflect.get(target, property);
      return (...[text, parameters, options]: Parameters<Sql['unsafe']>) =>
        withoutHoles(target.unsafe(text, parameters, how ?? options));
    },
  });
}

/**
 * postgres.js goes on counting rows where a statement has failed, or its connection ended, after some of them: those of
 * the connection's next statement came behind as many holes, so that a row that was there was taken for none.
 */
function withoutHoles<Q extends object>(query: Q): Q {
  const settled = query as { resolve(result: unknown[]): void };
  const { resolve } = settled;
  settled.resolve = (result) => {
    let holes = 0;
    while (holes < result.length && !(holes in result)) holes += 1;
    if (holes > 0) result.splice(0, holes);
    resolve(result);
  };
  return query;
}

interface Fence {
  open: boolean;
}

/**
 * postgres.js keeps a transaction's handle usable after its connection died: the next statement either throws an
 * uncaught TypeError or commits alone on a new connection. The fence refuses it, from the first connection error on.
 */
function fenced(client: Sql, tx: TransactionSql, fence: Fence): Sql {
  return new Proxy(tx as unknown as Sql, {
    apply: () => {
      throw new TypeError('Statements in a transaction go through drizzle.');
    },
    get(target, property) {
      if (property === 'options') return client.options;
      if (property !== 'unsafe') return Reflect.get(target, property);
      return (...args: Parameters<Sql['unsafe']>) => {
        if (!fence.open) {
          throw new AppError('service.unavailable', 'The transaction has ended already.', { retryable: true });
        }
        const query = withoutHoles(target.unsafe(...args));
        query.catch((error: unknown) => {
          if (isConnectionError(error)) fence.open = false;
        });
        return query;
      };
    },
  });
}

/**
 * The outcome of `work`, but only while the fence is open: when the callback of `begin` settles, postgres.js sends
 * `commit` or `rollback`, and to a dead connection that is the same uncaught TypeError. `begin` itself has been
 * rejected by then, so nobody waits for the promise that stays pending.
 */
function whileOpen<T>(fence: Fence, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(
      (value) => fence.open && resolve(value),
      (error) => fence.open && reject(error),
    );
  });
}

const connectionErrors = /^(CONNECT|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P0|08)/;

/** Whether an error says that the connection, rather than the statement, is at fault. */
export function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && connectionErrors.test(code);
}
