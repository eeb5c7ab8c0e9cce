import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { insertUser } from '@sheaf/db/users/insert-user';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import type { BenchSystem } from './bench-system.ts';
import { percentile } from './measure.ts';

const streams = 500;
const changesPerSecond = 100;
const loadSeconds = 20;
const idleSeconds = 10;

/** When each change was sent to the database, by its bytes: the event that shows it tells how long it took. */
const writtenAt = new Map<string, number>();

interface EventsFigures {
  streams: number;
  /** Resident memory of the api process, in bytes. */
  memory: { before: number; open: number; underLoad: number };
  /** Share of one core that the api process took. */
  cpu: { idle: number; underLoad: number };
  changesPerSecond: number;
  eventsPerSecond: number;
  /** From the statement of a change to its event in the reader. */
  delayMs: { p50: number; p95: number; p99: number; max: number };
}

/**
 * 500 event streams of as many users on one api process, each with a download of its own under way; first nothing
 * changes, then 100 changes of progress a second.
 */
export async function benchEvents(system: BenchSystem): Promise<EventsFigures> {
  const pid = await apiPid();
  const before = await residentBytes(pid);
  const watched = await Promise.all(Array.from({ length: streams }, (_, n) => addWatched(system, n)));
  const delays: number[] = [];
  const close = await Promise.all(watched.map(({ id, token }) => follow(system.url, id, token, delays)));
  await pause(3_000);
  const open = await residentBytes(pid);
  const idle = await cpuShare(pid, () => pause(idleSeconds * 1_000));

  let changes = 0;
  const underLoad = await cpuShare(pid, async () => {
    const end = performance.now() + loadSeconds * 1_000;
    for (let n = 0; performance.now() < end; n += 1) {
      const { id } = watched[n % streams]!;
      const bytes = n + 1;
      writtenAt.set(`${id} ${bytes}`, performance.now());
      await system.db.orm.execute(`update downloads set bytes_done = ${bytes} where id = '${id}'`);
      changes += 1;
      await pause(
        Math.max(0, (changes / changesPerSecond) * 1_000 - (loadSeconds * 1_000 - (end - performance.now()))),
      );
    }
  });
  await pause(1_000);
  const memoryUnderLoad = await residentBytes(pid);
  for (const end of close) end();
  return {
    streams,
    memory: { before, open, underLoad: memoryUnderLoad },
    cpu: { idle, underLoad },
    changesPerSecond: Math.round(changes / loadSeconds),
    eventsPerSecond: Math.round(delays.length / loadSeconds),
    delayMs: {
      p50: percentile(delays, 0.5),
      p95: percentile(delays, 0.95),
      p99: percentile(delays, 0.99),
      max: Math.max(...delays),
    },
  };
}

/** A user with a token, and a download of theirs that somebody is packing. */
async function addWatched({ db }: BenchSystem, n: number): Promise<{ id: string; token: string }> {
  const token = newSecretToken();
  const user = await db.transaction(async (tx) => {
    const added = await insertUser(tx, {
      email: `reader-${n}@example.com`,
      name: `Reader ${n}`,
      role: 'requester',
      passwordHash: null,
    });
    const tokenHash = hashSecretToken(token);
    await insertApiToken(tx, { userId: added.id, name: 'bench', tokenHash, expiresAt: null, createdAt: new Date() });
    return added;
  });
  const [row] = await db.orm.execute<{ id: string }>(
    `insert into downloads (id, requester_id, name, request, state, background, included, excluded, bytes_total,
       lease_until, worker_id, started_at, step_started_at)
     values (gen_random_uuid(), '${user.id}', 'Watched', '{"format":"zip"}', 'packing', true, 1, 0, 1000000,
       now() + interval '1 hour', 'bench', now(), now())
     returning id`,
  );
  return { id: row!.id, token };
}

/** Reads a download's events until the result is called. */
async function follow(url: string, id: string, token: string, delays: number[]): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>();
  const sent = request(
    `${url}/api/v1/downloads/${id}/events`,
    { headers: { authorization: `Bearer ${token}` }, agent: false },
    (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`A stream was answered with ${answer.statusCode}.`));
      answer.setEncoding('utf8').on('data', (text: string) => {
        const now = performance.now();
        for (const [, data] of text.matchAll(/^data: (\{"id".*\})$/gm)) {
          const { progress } = JSON.parse(data!) as DownloadJson;
          const written = writtenAt.get(`${id} ${progress.bytesDone}`);
          if (written !== undefined) delays.push(now - written);
        }
      });
      answer.on('error', () => {});
      resolve(() => sent.destroy());
    },
  );
  sent.on('error', reject);
  sent.end();
  return promise;
}

/** The api process that this process has started. */
async function apiPid(): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [status, command] = await Promise.all(
      ['status', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    if (status!.includes(`\nPPid:\t${process.pid}\n`) && command!.includes('services/api/')) return Number(name);
  }
  throw new Error('No api process is running.');
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}

async function cpuShare(pid: number, work: () => Promise<unknown>): Promise<number> {
  const ticksPerSecond = 100;
  const used = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  };
  const [from, started] = [await used(), performance.now()];
  await work();
  return ((await used()) - from) / ((performance.now() - started) / 1_000);
}
