import path from 'node:path';
import { createDatabase } from '@sheaf/db/database';
import { rollUp } from '@sheaf/db/rollups/roll-up';
import { measureStorage } from '@sheaf/db/storage/measure-storage';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { insertUser } from '@sheaf/db/users/insert-user';
import { rollupResolutions } from '@sheaf/domain/time-range';
import { loadConfig } from '@sheaf/runtime/load-config';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import { openInstallation } from '@sheaf/standalone/open-installation';
import { startSystem } from '@sheaf/standalone/start-system';
import { percentile } from './measure.ts';
import { seedDatabase } from './seed/seed-database.ts';

const rounds = 100;
/** A process that has run for some seconds is measured, not one that has just begun. */
const warmUp = 200;
const calls = {
  overview: '/overview?range=24h',
  overview90d: '/overview?range=90d',
  queues: '/queues',
  workers: '/workers',
  storage: '/storage',
};

/**
 * What administrators' calls take, one after the other over HTTP, in an empty installation and with so many downloads. With
 * DATABASE_URL, of what is there instead: it is counted up to now first, as a worker would.
 */
export async function benchAdmin(folder: string) {
  if (process.env.DATABASE_URL) return { given: await measure(path.join(folder, 'given')) };
  const figures: Record<string, unknown> = {};
  for (const downloads of [0, 10_000, 1_000_000]) {
    const dataDir = path.join(folder, `admin-${downloads}`);
    if (downloads > 0) await seed(dataDir, downloads);
    figures[downloads] = await measure(dataDir);
  }
  return figures;
}

async function seed(dataDir: string, downloads: number): Promise<void> {
  const installation = await openInstallation(loadConfig({ DATA_DIR: dataDir }), () => {});
  try {
    const size = { downloads, assets: Math.min(downloads, 100_000) };
    await seedDatabase(installation.databaseUrl, size, (line) => console.error(line));
  } finally {
    await installation.close();
  }
}

async function measure(dataDir: string) {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT_PER_MINUTE: '100000000', LOG_LEVEL: 'error' };
  const system = await startSystem({ settings: loadConfig(env), env, show: (line) => console.error(line) });
  const db = createDatabase(system.databaseUrl, { maxConnections: 2 });
  try {
    for (const resolution of rollupResolutions) await rollUp(db, resolution, { now: new Date() });
    await measureStorage(db.orm, null, new Date());
    const token = await addAdministrator(db);
    const figures: Record<string, unknown> = {};
    for (const [name, call] of Object.entries(calls)) {
      const milliseconds: number[] = [];
      for (let round = -warmUp; round < rounds; round++) {
        const start = performance.now();
        const answer = await fetch(`${system.url}/api/v1/admin${call}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${call} answered ${answer.status}.`);
        if (round >= 0) milliseconds.push(performance.now() - start);
      }
      figures[name] = { p50: rounded(percentile(milliseconds, 0.5)), p95: rounded(percentile(milliseconds, 0.95)) };
    }
    return figures;
  } finally {
    await db.close();
    await system.stop();
  }
}

async function addAdministrator(db: ReturnType<typeof createDatabase>): Promise<string> {
  const token = newSecretToken();
  await db.transaction(async (tx) => {
    const email = `${token.slice(0, 8)}@bench.example`;
    const user = await insertUser(tx, {
      email,
      name: 'Bench',
      role: 'administrator',
      dynamicRenditions: false,
      passwordHash: null,
    });
    const tokenHash = hashSecretToken(token);
    await insertApiToken(tx, { userId: user.id, name: 'bench', tokenHash, expiresAt: null, createdAt: new Date() });
  });
  return token;
}

const rounded = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
