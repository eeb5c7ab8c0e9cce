import type { Relay } from '../harness/relay.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import { openStatementGate } from './statement-gate.ts';
import type { SentStatement } from './statement-reader.ts';

/** Ends connections in the middle of their transactions. */
export interface StatementEnds {
  /** Where a service connects to for it. */
  databaseUrl: string;
  /** Statements of transactions that were seen, each counted once. */
  readonly seen: number;
  /** Of these, the ones at which a connection was ended `timesEach` times. */
  readonly done: number;
  /** Connections that were ended. */
  readonly ended: number;
  /** Until then it lets everything through: a service that cannot start says so and ends, which is as it should be. */
  begin(): void;
  /** Lets everything through from now on. */
  stop(): void;
  close(): Promise<void>;
}

/**
 * Ends the connection (`pg_terminate_backend`) at every statement of every transaction that its clients run, `timesEach`
 * times: by turns before the statement reaches the server, and as it runs, so that a commit may have happened whose answer
 * nobody gets. Not one straight after the other, since whoever never gets anywhere finds no further statements.
 */
export async function endAtStatements(
  { db, postgres }: Stage,
  random: Random,
  { timesEach }: { timesEach: number },
): Promise<StatementEnds> {
  const timesBy = new Map<string, number>();
  let ended = 0;
  let isOn = false;
  let quietUntil = 0;

  async function end({ backend }: SentStatement): Promise<void> {
    const [row] = await db.orm.execute<{ ended: boolean }>(`select pg_terminate_backend(${backend}, 5000) as ended`);
    if (row!.ended) ended += 1;
  }

  const url = new URL(postgres.url);
  const gate: Relay = await openStatementGate(Number(url.port), (statement) => {
    if (!isOn) return;
    const key = `${statement.first} > ${statement.text}`;
    const times = timesBy.get(key) ?? 0;
    timesBy.set(key, times);
    if (times >= timesEach || performance.now() < quietUntil) return;
    quietUntil = performance.now() + random.integer(20, 150);
    timesBy.set(key, times + 1);
    if (times % 2 === 0) return end(statement);
    setImmediate(() => void end(statement));
    return;
  });
  url.port = String(gate.port);
  url.pathname = '/sheaf';
  return {
    databaseUrl: url.href,
    get seen() {
      return timesBy.size;
    },
    get done() {
      return [...timesBy.values()].filter((times) => times >= timesEach).length;
    },
    get ended() {
      return ended;
    },
    begin() {
      isOn = true;
    },
    stop() {
      isOn = false;
    },
    close: () => gate.close(),
  };
}
