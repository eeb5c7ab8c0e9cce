import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { insertAsset } from '@sheaf/db/catalogue/insert-asset';
import { insertBlob } from '@sheaf/db/catalogue/insert-blob';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { createDatabase, type Database } from '@sheaf/db/database';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { findDelivery } from '@sheaf/db/downloads/find-delivery';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { lockDownload } from '@sheaf/db/downloads/lock-download';
import { restartDownload } from '@sheaf/db/downloads/restart-download';
import { deleteOutbox, type TakenRow, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { User } from '@sheaf/db/users/user';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { QueueBackend } from '@sheaf/queue/queue-connection';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import { createSealer } from '@sheaf/runtime/seal';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import type { Settings } from '@sheaf/runtime/settings';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { createCadence } from '@sheaf/worker/cadence';
import { derive } from '@sheaf/worker/jobs/derive';
import { gather } from '@sheaf/worker/jobs/gather';
import { notify } from '@sheaf/worker/jobs/notify';
import { pack } from '@sheaf/worker/jobs/pack';
import { render } from '@sheaf/worker/jobs/render';
import { sweep } from '@sheaf/worker/jobs/sweep';
import { createMailer } from '@sheaf/worker/notify/mailer';
import { openRenderer } from '@sheaf/worker/open-renderer';
import { type RunningWorker, startWorker } from '@sheaf/worker/start-worker';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';
import { defaultPolicy, type WorkerPolicy } from '@sheaf/worker/worker-policy';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from './postgres.ts';
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

/** One asset as the test put it into the catalogue. */
export interface TestAsset {
  assetId: string;
  fileName: string;
  bytes: Buffer;
  blob: StoredBlob;
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
  const storage = setup.wrapStorage?.(fileStorage) ?? fileStorage;
  const settings: Settings = {
    ...loadConfig({ LEASE_SECONDS: '5', DRAIN_SECONDS: '5', PUBLIC_URL: 'https://sheaf.example', LOG_LEVEL: 'silent' }),
    ...setup.settings,
  };
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

  return {
    ...catalogue(db, fileStorage),
    ...jobs(deps),
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
    request: (overrides: RequestOverrides) => requestDownload(deps, requester, overrides),
    requestAs: (user: User, overrides: RequestOverrides) => requestDownload(deps, user, overrides),
    /** Retries an ended download, as the API does. */
    async restart(downloadId: string): Promise<void> {
      const { request, actor } = await loadDownloadRequest(db.orm, downloadId);
      const decision = decideDownload(
        await loadDecisionFacts(db.orm, { request, actor, downloadId, now: deps.clock() }),
      );
      await db.transaction(async (tx) => {
        const locked = await lockDownload(tx, { downloadId, requesterId: null });
        if (locked === null || !(await restartDownload(tx, locked, decision, deps.clock())))
          throw new Error('It cannot be retried.');
      });
    },
    async download(downloadId: string): Promise<DownloadView> {
      const view = await findDownload(db.orm, { downloadId, requesterId: null });
      if (view === null) throw new Error('There is no such download.');
      return view;
    },
    /** The files of a ready download's only part, or of the part of that number. */
    async unpack(downloadId: string, number = 1): Promise<Map<string, Buffer>> {
      const view = await findDownload(db.orm, { downloadId, requesterId: null });
      const sealed = view?.defaultLink?.sealedToken;
      if (!sealed) throw new Error('The download has no link.');
      const delivery = await findDelivery(db.orm, hashSecretToken(deps.sealers.link.open(sealed)));
      const part = delivery?.parts.find((known) => known.number === number);
      if (part === undefined) throw new Error('The download has no such part.');
      return unzip(await buffer(await fileStorage.objects.read(part.objectKey)));
    },
    /** Paths below a folder of the storage, temporary files and published objects alike. */
    async storedFiles(folder: 'temporary' | 'objects'): Promise<string[]> {
      const entries = await readdir(path.join(storageFolder, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
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

function catalogue(db: Database, storage: Storage) {
  async function addBlob(bytes: Buffer): Promise<StoredBlob> {
    const blob = await storage.blobs.put(
      (async function* () {
        yield bytes;
      })(),
    );
    await insertBlob(db.orm, blob);
    return blob;
  }

  return {
    /** An approved asset with an original of random bytes and no renditions. */
    async addAsset(
      options: { bytes?: Buffer; fileName?: string; title?: string; licenceId?: string; expiresAt?: Date } = {},
    ) {
      const bytes = options.bytes ?? randomBytes(1_000);
      const blob = await addBlob(bytes);
      const fileName = options.fileName ?? `file-${blob.sha256.slice(0, 8)}.bin`;
      const inserted = await db.transaction((tx) =>
        insertAsset(tx, {
          title: options.title ?? fileName,
          folder: '',
          fileName,
          status: 'approved',
          expiresAt: options.expiresAt ?? null,
          licenceId: options.licenceId ?? null,
          modifiedAt: new Date('2026-01-02T03:04:06Z'),
          createdBy: null,
          original: { sha256: blob.sha256, mediaType: 'application/octet-stream', width: null, height: null },
          pending: [],
        }),
      );
      return { assetId: inserted.assetId, fileName, bytes, blob } satisfies TestAsset;
    },
    /** An approved licence with these terms. */
    async addLicence(title: string, terms: Buffer): Promise<{ licenceId: string; sha256: string }> {
      const { sha256 } = await addBlob(terms);
      const licenceId = await insertLicence(db.orm, { title, approved: true, documentSha256: sha256, expiresAt: null });
      return { licenceId, sha256 };
    },
  };
}

type RequestOverrides = Pick<DownloadRequest, 'assetIds'> & Partial<DownloadRequest>;

/** Writes a request as the API does, but whatever its verdict. Returns the download's id. */
async function requestDownload({ db, clock }: WorkerDeps, user: User, overrides: RequestOverrides): Promise<string> {
  const request: DownloadRequest = {
    name: 'Spring campaign',
    renditions: 'originals',
    renditionIds: null,
    renditionNames: null,
    withoutLicences: [],
    layout: 'flat',
    format: 'zip',
    compression: 'store',
    partSize: null,
    acceptLicences: [],
    expiredAssets: 'exclude',
    unavailable: 'skip',
    notify: { email: false, to: [] },
    ...overrides,
  };
  const actor = { id: user.id, role: user.role, dynamicRenditions: false, groups: [] };
  const now = clock();
  const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor, now }));
  return db.transaction((tx) =>
    insertDownload(tx, {
      requesterId: user.id,
      request,
      decision,
      accepted: request.acceptLicences.map((accepted) => ({ ...accepted, version: 1 })),
      requestId: null,
      ipAddress: null,
      userAgent: null,
      now,
    }),
  );
}

/** The jobs without a queue: run in the order in which they are asked for, one after the other. */
function jobs(deps: WorkerDeps) {
  const never = new AbortController().signal;

  /** Takes the jobs that are due from the outbox. */
  async function takeJobs(): Promise<TakenRow[]> {
    return deps.db.transaction(async (tx) => {
      const rows = await takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 });
      await deleteOutbox(
        tx,
        rows.map(({ id }) => id),
      );
      return rows;
    });
  }

  async function runJob({ job, payload }: Pick<TakenRow, 'job' | 'payload'>, signal = never): Promise<void> {
    if (job === 'gather') return gather(payload as never, deps, signal);
    if (job === 'pack') return pack(payload as never, deps, signal);
    if (job === 'render') return render(payload as never, deps, signal);
    if (job === 'derive') return derive(payload as never, deps, signal);
    if (job === 'notify') return notify(payload as never, deps, signal);
    return sweep({}, deps, signal);
  }

  return {
    takeJobs,
    runJob,
    /** Runs jobs until none of these is asked for any more; others are dropped. */
    async runJobs(...names: ('gather' | 'pack' | 'render' | 'derive' | 'notify')[]): Promise<void> {
      for (let rows = await takeJobs(); rows.length > 0; rows = await takeJobs()) {
        for (const row of rows) {
          if (names.length === 0 || names.includes(row.job as never)) await runJob(row);
        }
      }
    },
    sweep: (signal = never) => sweep({}, { ...deps, cadence: createCadence() }, signal),
  };
}
