import { AppError } from '@sheaf/domain/app-error';
import type { Outcome } from '@sheaf/domain/outcome';
import type { BlobFault } from '@sheaf/domain/rendition';
import { checkFiles, type ExpectedFile, type FileCheck } from './doubtful-files.ts';
import { setAside } from './faulty-blob.ts';
import { storageAnswers } from './storage-answers.ts';
import type { WorkerDeps } from './worker-deps.ts';

type CheckDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock'>;
type KnownBlob = { sha256: string; size: number };

/** Enough to keep a disk busy and the threads that ask it: 16 took a third longer. */
const concurrency = 64;

/** Where more are faulty at once, it may be the storage that is: as many as are read to tell that. */
const fewFaulty = 20;

/** So few are asked for one by one before a thread has started. */
const fewBlobs = 1_000;

/** Blobs that are looked at while more are being listed. */
export interface BlobCheck {
  add(blobs: readonly KnownBlob[]): void;
  /**
   * Records those that are not there with their size as faulty, so that the next decision leaves them out, and tells how
   * many those are. Their bytes are verified when they are read. Nothing is to be added from here on.
   */
  faulty(): Promise<number>;
  /** Also where nobody asks for the outcome any more. */
  close(): void;
}

/** The distinct stored files that these outcomes put into an archive. Entries still to be rendered have none. */
export function blobsOf(outcomes: Iterable<Pick<Outcome, 'entries'>>): KnownBlob[] {
  const bySha256 = new Map<string, KnownBlob>();
  for (const { entries } of outcomes) {
    for (const { sha256, size } of entries) {
      if (sha256 !== null && size !== null) bySha256.set(sha256, { sha256, size });
    }
  }
  return [...bySha256.values()];
}

/** Looks whether each blob is there with its size. Returns how many are not: see `faulty`. */
export async function checkBlobs(deps: CheckDeps, blobs: readonly KnownBlob[], signal: AbortSignal): Promise<number> {
  const check = startBlobCheck(deps, signal);
  try {
    check.add(blobs);
    return await check.faulty();
  } finally {
    check.close();
  }
}

export function startBlobCheck(deps: CheckDeps, signal: AbortSignal): BlobCheck {
  const { blobs: store } = deps.storage;
  let files: FileCheck | null = null;
  const all: KnownBlob[] = [];
  /** The thread looks at those before this place. The others are too few so far, or the storage has no files. */
  let looked = 0;

  return {
    add(blobs) {
      for (const blob of blobs) all.push(blob);
      if (files === null && all.length < fewBlobs) return;
      const found: ExpectedFile[] = [];
      for (const { sha256, size } of all.slice(looked)) {
        const path = store.path(sha256);
        if (path === null) return;
        found.push({ path, size });
      }
      files ??= checkFiles(signal, deps.storage.stallLimit);
      files.add(found);
      looked = all.length;
    },
    async faulty() {
      const doubtful = (await files?.doubtful()) ?? [];
      return markFaulty(deps, doubtful.map((index) => all[index]!).concat(all.slice(looked)), signal);
    },
    close() {
      files?.close();
    },
  };
}

/** Asks for each of these blobs, and records those that are faulty: none where the storage turns out to be away. */
async function markFaulty(deps: CheckDeps, blobs: readonly KnownBlob[], signal: AbortSignal): Promise<number> {
  const suspects: KnownBlob[] = [];
  const remaining = blobs.values();

  async function checkRemaining(): Promise<void> {
    for (const blob of remaining) {
      signal.throwIfAborted();
      if ((await faultOf(deps, blob)) !== null) suspects.push(blob);
    }
  }

  await Promise.all(Array.from({ length: concurrency }, checkRemaining));
  const names = suspects.map(({ sha256 }) => sha256);
  if (suspects.length > fewFaulty && !(await storageAnswers(deps, names))) {
    throw new AppError('storage.unavailable', 'Many stored files cannot be had.', { retryable: true });
  }
  let faulty = 0;
  for (const blob of suspects) {
    signal.throwIfAborted();
    // Others were recorded meanwhile, one after the other, and what was moved or restored may be there by now.
    const fault = await faultOf(deps, blob);
    if (fault === null) continue;
    await setAside(deps, { sha256: blob.sha256, fault });
    faulty += 1;
  }
  return faulty;
}

async function faultOf({ storage }: CheckDeps, { sha256, size }: KnownBlob): Promise<BlobFault | null> {
  const stored = await storage.blobs.stat(sha256);
  if (stored === null) return 'missing';
  return stored.size === size ? null : 'corrupt';
}
