import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { localUrl } from '@sheaf/runtime/local-url';
import type { Settings } from '@sheaf/runtime/settings';
import { type HeldDataFolder, holdDataFolder } from './data-folder.ts';
import { startDatabase } from './database-service.ts';
import { freePort } from './free-port.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

/** Everything of one machine, running. */
export interface System {
  /** Where people reach it. */
  url: string;
  databaseUrl: string;
  secretKey: string;
  data: HeldDataFolder;
  /** Drains and stops all, in order: api, worker, database. Safe more than once. */
  stop(): Promise<void>;
  /** Ends the processes now instead of waiting for them to drain. */
  hasten(): void;
}

export interface SystemOptions {
  settings: Settings;
  /** What the children's environment starts from. */
  env: Record<string, string | undefined>;
  /** Takes one line for people. */
  show(line: string): void;
}

const programs = {
  api: { module: fileURLToPath(new URL('../../api/src/main.ts', import.meta.url)) },
  worker: {
    module: fileURLToPath(new URL('../../worker/src/main.ts', import.meta.url)),
    nodeFlags: readFileSync(new URL('../../worker/node-flags', import.meta.url), 'utf8')
      .trim()
      .split('\n'),
  },
};

/** On top of DRAIN_SECONDS, for what follows the drain in an orderly stop. */
const closeMs = 5_000;

/**
 * Starts database, api and worker in this data folder. Rejects with an AppError whose message is one line for people;
 * nothing is left running then.
 */
export async function startSystem({ settings, env, show }: SystemOptions): Promise<System> {
  const data = await holdDataFolder(settings.DATA_DIR);
  const steps: (() => Promise<void>)[] = [() => data.release()];
  const processes: SupervisedProcess[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      for (const step of steps.reverse()) await step();
    })();
    return stopping;
  };
  try {
    const port = await freePort(settings.HOST, settings.PORT);
    const url = settings.PUBLIC_URL ?? localUrl(settings.HOST, port);
    const secretKey = settings.SECRET_KEY ?? (await data.secretKey());
    const database = await startDatabase(settings, data, show);
    steps.push(() => database.stop());
    const childEnv = {
      ...env,
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: data.path,
      DATABASE_URL: database.url,
      SECRET_KEY: secretKey,
    };
    const started = await Promise.allSettled(
      (['worker', 'api'] as const).map(async (name) => {
        const logFile = path.join(data.logs, `${name}.log`);
        const child = await superviseProcess({ name, ...programs[name], env: childEnv, logFile, show });
        processes.push(child);
        return child;
      }),
    );
    // In this order whichever was ready first: the api stops before the worker.
    for (const result of started) {
      if (result.status === 'fulfilled') steps.push(() => result.value.stop(settings.DRAIN_SECONDS * 1_000 + closeMs));
    }
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    await data.announce({ pid: process.pid, url, databaseUrl: database.url });
    return {
      url,
      databaseUrl: database.url,
      secretKey,
      data,
      stop,
      hasten: () => {
        for (const child of processes) child.kill();
      },
    };
  } catch (error) {
    for (const child of processes) child.kill();
    await stop();
    throw error;
  }
}
