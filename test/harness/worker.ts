import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openArchivePart } from '@sheaf/api/file-delivery/open-archive-part';
import { createDatabase, type Database } from '@sheaf/db/database';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { findDelivery } from '@sheaf/db/downloads/find-delivery';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { User } from '@sheaf/db/users/user';
import type { RequestChanges } from '@sheaf/domain/testing/decision-facts';
import type { QueueBackend } from '@sheaf/queue/queue-connection';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import { createSealer } from '@sheaf/runtime/seal';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import type { Settings } from '@sheaf/runtime/settings';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { limitStalls } from '@sheaf/storage/limit-stalls';
import { createCadence } from '@sheaf/worker/cadence';
import { createMailer } from '@sheaf/worker/notify/mailer';
import { openRenderer } from '@sheaf/worker/open-renderer';
import { type RunningWorker, startWorker } from '@sheaf/worker/start-worker';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';
import { defaultPolicy, type WorkerPolicy } from '@sheaf/worker/worker-policy';
import { onTestFinished } from 'vitest';
import { createJobRunner } from './job-runner.ts';
import { createTestDatabase } from './postgres.ts';
import { requestDownload, restartDownload } from './request-download.ts';
import { createTestCatalogue } from './test-catalogue.ts';
import { unzip } from './unzip.ts';

const secretKey = 'a secret key for tests, long enough';

/** So impatient that a test sees the second attempt at once. */
const hasty: WorkerPolicy = {
  ...defaultPolicy,
  stepAttempts: 3,
  stepBackOff: 1,
  notifyPauses: [1, 1],
  notifyTimeout: 500,
  sweepEvery: 100,
  lostJobsEvery: 100,
  lostJobsAge: 0,
  relayPoll: 50,
};

export interface WorkerSetup {
  settings?: Partial<Settings>;
  policy?: Partial<WorkerPolicy>;
  /** Instead of the real one. */
  renderer?: WorkerDeps['renderer'];
  /** Instead of a temporary folder of the test's own. */
  storageFolder?: string;
  /** Changes what the jobs see of the storage. */
  wrapStorage?(storage: Storage): Storage;
}

/** A database, a storage folder and a user of the test's own, and the jobs on them; all gone when the test has finished. */
export async function setupWorker(setup: WorkerSetup = {}) {
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { maxConnections: 8 });
  const storageFolder = setup.storageFolder ?? (await mkdtemp(path.join(tmpdir(), 'sheaf-test-worker-')));
  onTestFinished(async () => {
    await db.close();
    await database.drop();
    if (setup.storageFolder === undefined) await rm(storageFolder, { recursive: true, force: true });
  });
  const fileStorage = createFileStorage(storageFolder);
  const settings: Settings = {
    ...loadConfig({ LEASE_SECONDS: '5', DRAIN_SECONDS: '5', PUBLIC_URL: 'https://sheaf.example', LOG_LEVEL: 'silent' }),
    ...setup.settings,
  };
  const wrapped = setup.wrapStorage?.(fileStorage) ?? fileStorage;
  const storage = limitStalls(wrapped, settings.STORAGE_STALL_SECONDS * 1_000);
  let clockOffset = 0;
  const policy = { ...hasty, ...setup.policy };
  const mailer = settings.SMTP_URL
    ? createMailer({ smtpUrl: settings.SMTP_URL, from: settings.MAIL_FROM, stepTimeout: policy.notifyTimeout })
    : null;
  const deps: WorkerDeps = {
    settings,
    db,
    storage,
    logger: createLogger({ level: settings.LOG_LEVEL, name: 'worker' }),
    clock: () => new Date(Date.now() + clockOffset),
    sealers: {
      link: createSealer(secretKey, 'link'),
      webhook: createSealer(secretKey, 'webhook'),
      mail: createSealer(secretKey, 'mail'),
      signing: createSealer(secretKey, 'signing'),
    },
    policy,
    cadence: createCadence(),
    mailer,
    renderer: setup.renderer ?? ownRenderer(settings),
    publicUrl: settings.PUBLIC_URL ?? '',
    workerId: 'worker-under-test',
  };
  const requester = await addUser(db, 'requester@example.com');

  async function readPart(downloadId: string, number = 1): Promise<Buffer> {
    const view = await findDownload(db.orm, { downloadId, requesterId: null });
    const sealed = view?.defaultLink?.sealedToken;
    if (!sealed) throw new Error('The download has no link.');
    const delivery = await findDelivery(db.orm, hashSecretToken(deps.sealers.link.open(sealed)));
    const part = delivery?.parts.find((known) => known.number === number);
    if (part === undefined) throw new Error('The download has no such part.');
    const source = { db, storage: fileStorage, clock: deps.clock, logger: deps.logger };
    if (part.bundle === null) return buffer(await openArchivePart(source, part));
    const { contentSize } = part.bundle;
    const ranges = [
      { start: 0, end: contentSize - 1 },
      { start: contentSize, end: part.size - 1 },
    ];
    return Buffer.concat(
      await Promise.all(ranges.map(async (range) => buffer(await openArchivePart(source, part, range)))),
    );
  }

  return {
    ...createTestCatalogue(db, fileStorage),
    ...createJobRunner(deps),
    db,
    deps,
    databaseUrl: database.url,
    storage: fileStorage,
    storageFolder,
    requester,
    addUser: (email: string) => addUser(db, email),
    /** Moves the jobs' clock, and not the database's. */
    advanceClock(milliseconds: number) {
      clockOffset += milliseconds;
    },
    request: (changes: RequestChanges) => requestDownload(deps, requester, changes),
    requestAs: (user: User, changes: RequestChanges) => requestDownload(deps, user, changes),
    restart: (downloadId: string) => restartDownload(deps, downloadId),
    async download(downloadId: string): Promise<DownloadView> {
      const view = await findDownload(db.orm, { downloadId, requesterId: null });
      if (view === null) throw new Error('There is no such download.');
      return view;
    },
    async outcomes(downloadId: string) {
      const items = await listDownloadItems(db.orm, { downloadId, limit: 100 });
      return items.map(({ outcome, reason, entries }) => ({ outcome, reason, names: entries.map(({ name }) => name) }));
    },
    /** What the inbox tells of, oldest first. */
    async inboxEvents(): Promise<string[]> {
      const rows = await db.orm.execute<{ event: string }>('select event from inbox_items order by id');
      return rows.map(({ event }) => event);
    },
    /** The files of a ready download's only part, or of the part of that number. */
    async unpack(downloadId: string, number = 1): Promise<Map<string, Buffer>> {
      return unzip(await readPart(downloadId, number));
    },
    /** The bytes of a ready download's only part, or of the part of that number, as whoever downloads it has them. */
    readPart,
    /** Paths of what is stored besides blobs: published objects, temporary files, or both. */
    async storedFiles(...folders: ('temporary' | 'objects')[]): Promise<string[]> {
      const listed = (folders.length > 0 ? folders : ['objects', 'temporary']).map((folder) =>
        readdir(path.join(storageFolder, folder), { recursive: true, withFileTypes: true }).catch(() => []),
      );
      const files = (await Promise.all(listed)).flat().filter((entry) => entry.isFile());
      return files.map(({ parentPath, name }) => path.join(parentPath, name));
    },
    async start(queueBackend: QueueBackend): Promise<RunningWorker> {
      const worker = await startWorker({ ...deps, queueBackend });
      onTestFinished(() => worker.close());
      return worker;
    },
  };
}

/** The real one; closed when the test has finished. */
function ownRenderer(settings: Settings): WorkerDeps['renderer'] {
  const renderer = openRenderer(settings);
  onTestFinished(() => renderer.close());
  return renderer;
}

export type TestWorker = Awaited<ReturnType<typeof setupWorker>>;

async function addUser(db: Database, email: string): Promise<User> {
  return db.transaction((tx) =>
    insertUser(tx, { email, name: email.slice(0, email.indexOf('@')), role: 'requester', passwordHash: null }),
  );
}
