import { hostname } from 'node:os';
import { pendingMigrations } from '@sheaf/db/migrate';
import { readServerFacts } from '@sheaf/db/server-facts';
import { aliveSeconds } from '@sheaf/db/workers/heartbeat-worker';
import { listWorkers } from '@sheaf/db/workers/list-workers';
import { findFfmpeg } from '@sheaf/ingest/find-ffmpeg';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { loadConfig } from '@sheaf/runtime/load-config';
import type { Settings } from '@sheaf/runtime/settings';
import { queueBackend } from '../database-service.ts';
import type { Check } from '../doctor/check.ts';
import { recordChecks } from '../doctor/record-checks.ts';
import { repair } from '../doctor/repair.ts';
import { type Installation, openInstallation } from '../open-installation.ts';

const oldestPostgres = 180_000;
const largestSkewMs = 5_000;

export interface DoctorOptions {
  /** Ask nothing but whether a worker of this host is alive. */
  worker?: boolean;
  /** Mend what can be mended before the records are checked. */
  repair?: boolean;
}

/** `sheaf doctor`: one line a check; exit code 1 when one fails. */
export async function doctor(env: NodeJS.ProcessEnv, options: DoctorOptions = {}): Promise<void> {
  const settings = loadConfig(env);
  const opened = await open(settings);
  if ('failure' in opened) {
    tell('database', false, opened.failure);
    process.exitCode = 1;
    return;
  }
  const { installation } = opened;
  try {
    const results = [];
    const chosen = options.worker ? [workerCheck(installation)] : checks(settings, installation);
    for (const check of chosen) results.push(await perform(check));
    // Records of another version cannot be read, and mended even less.
    if (!options.worker && !results.includes(false)) {
      if (options.repair) await repair(installation, (line) => console.log(`mended  ${line}`));
      for (const check of recordChecks(installation)) results.push(await perform(check));
    }
    if (results.includes(false)) process.exitCode = 1;
  } finally {
    await installation.close();
  }
}

async function open(settings: Settings): Promise<{ installation: Installation } | { failure: string }> {
  try {
    return { installation: await openInstallation(settings, console.error, { migrate: false }) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

async function perform({ name, look }: Check): Promise<boolean> {
  try {
    tell(name, true, await look());
    return true;
  } catch (error) {
    tell(name, false, (error as Error).message);
    return false;
  }
}

function tell(name: string, ok: boolean, detail: string): void {
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(10)}  ${detail}`);
}

function checks(settings: Settings, installation: Installation): Check[] {
  const { db, databaseUrl, storage, running } = installation;
  return [
    {
      name: 'service',
      async look() {
        if (running?.url) return `running at ${running.url}`;
        if (settings.DATABASE_URL) return 'api and worker run elsewhere, or not at all; this looks at what they need';
        return 'not running; the embedded database was started for these checks';
      },
    },
    {
      name: 'database',
      async look() {
        await db.ping();
        const { version, versionNumber } = await readServerFacts(db.orm);
        if (versionNumber < oldestPostgres) throw new Error(`PostgreSQL ${version} is too old; use 18 or newer.`);
        return `PostgreSQL ${version}`;
      },
    },
    {
      name: 'migrations',
      async look() {
        const pending = await pendingMigrations(databaseUrl);
        if (pending > 0) throw new Error(`${pending} missing; run sheaf migrate or sheaf start.`);
        return 'current';
      },
    },
    {
      name: 'clock',
      async look() {
        const skewMs = Math.round((await readServerFacts(db.orm)).now.getTime() - Date.now());
        if (Math.abs(skewMs) > largestSkewMs) {
          throw new Error(`The database's clock is ${skewMs / 1_000} s off this machine's; set both by NTP.`);
        }
        return `${Math.abs(skewMs)} ms apart from the database's`;
      },
    },
    {
      name: 'queue',
      async look() {
        const backend = queueBackend(settings, databaseUrl);
        const producer = createJobProducer(backend, { onError: () => {}, answerWithinMs: 2_000 });
        try {
          await producer.ping();
        } catch {
          const hint = backend.kind === 'redis' ? 'check REDIS_URL and the server' : 'run sheaf migrate';
          throw new Error(`The queue in ${backend.kind} does not answer; ${hint}.`);
        } finally {
          await producer.close();
        }
        return `answers, in ${backend.kind === 'redis' ? 'Redis' : 'PostgreSQL'}`;
      },
    },
    {
      name: 'storage',
      async look() {
        await storage.check();
        return 'can be written';
      },
    },
    {
      name: 'ffmpeg',
      async look() {
        const ffmpeg = await findFfmpeg();
        return ffmpeg === null ? 'not on PATH: videos have no previews' : `${ffmpeg.version}, for previews of videos`;
      },
    },
  ];
}

/** What a container of a worker is asked: whether the worker in it still shows that it is alive. */
function workerCheck({ db }: Installation): Check {
  return {
    name: 'worker',
    async look() {
      const host = hostname();
      const { now } = await readServerFacts(db.orm);
      const silences = (await listWorkers(db.orm))
        .filter((worker) => worker.host === host)
        .map((worker) => (now.getTime() - worker.heartbeatAt.getTime()) / 1_000);
      if (silences.length === 0) throw new Error(`No worker runs on ${host}.`);
      const silence = Math.max(0, Math.round(Math.min(...silences)));
      if (silence > aliveSeconds) throw new Error(`The worker on ${host} has been silent for ${silence} s.`);
      return `alive on ${host} ${silence} s ago`;
    },
  };
}
