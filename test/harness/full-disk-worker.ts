import { readdir } from 'node:fs/promises';
import { createDatabase } from '@sheaf/db/database';
import { systemClock } from '@sheaf/runtime/clock';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import { createSealer } from '@sheaf/runtime/seal';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { startWorker } from '@sheaf/worker/start-worker';
import { defaultPolicy } from '@sheaf/worker/worker-policy';

/**
 * A worker on a disk of its own that is nearly full, which nobody else can see: run by `onFullDisk`. It works until its
 * input ends, and then prints which files of its storage are left, as JSON.
 */
const { DATABASE_URL: url = '', DATA_DIR: root = '' } = process.env;
const db = createDatabase(url);
const sealer = createSealer('a secret key for tests, long enough', 'link');
const worker = await startWorker({
  settings: loadConfig({ DATABASE_URL: url, DATA_DIR: root, LEASE_SECONDS: '5', DELIVERY: 'packed' }),
  db,
  storage: createFileStorage(root),
  logger: createLogger({ level: 'silent', name: 'worker' }),
  clock: systemClock,
  sealers: { link: sealer, webhook: sealer, mail: sealer, signing: sealer },
  queueBackend: { kind: 'postgres', url },
  policy: { ...defaultPolicy, stepAttempts: 2, stepBackOff: 10, relayPoll: 50 },
});
process.send?.('ready');
await new Promise((resolve) => process.stdin.resume().once('end', resolve));
await worker.close();
await db.close();
const entries = await readdir(root, { recursive: true, withFileTypes: true });
process.stdout.write(JSON.stringify(entries.filter((entry) => entry.isFile()).map(({ name }) => name)));
