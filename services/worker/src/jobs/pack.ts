import type { Claim } from '@sheaf/db/downloads/claim-download';
import { handBackDownload } from '@sheaf/db/downloads/hand-back-download';
import { type Publication, publishDownload } from '@sheaf/db/downloads/publish-download';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import { inTime } from '@sheaf/storage/stall-limit';
import { removeObjectsOfClaim, removeObjectsUpTo } from '../bundle-objects.ts';
import { interruptionOf } from '../claim-interruptions.ts';
import { recordFaultyBlob } from '../faulty-blob.ts';
import type { HeldClaim } from '../hold-claim.ts';
import { type BundlePlan, planBundle } from '../plan-bundle.ts';
import { runStep } from '../run-step.ts';
import { stillAllowed } from '../still-allowed.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import { writeParts } from '../write-parts.ts';

/** What gathering has just found a download to come to, for packing it right after. */
export interface Gathered {
  plan: BundlePlan;
  /** Of the claim that it was gathered under. */
  epoch: number;
}

/**
 * Stores what a frozen download's archives are delivered from and publishes them in one transaction; before it, nothing
 * is visible. A stored file that turns out faulty, or a file that may no longer be had or is under other terms by now,
 * sends the download back to gathering. What was `gathered` is not read again if nobody has had the download since.
 */
export async function pack(
  { downloadId }: JobPayloads['pack'],
  deps: WorkerDeps,
  signal: AbortSignal,
  gathered: Gathered | null = null,
) {
  await runStep(deps, { downloadId, step: 'pack' }, signal, async (claim, held) => {
    const plan = gathered?.epoch === claim.epoch - 1 ? gathered.plan : null;
    const packed = await packOrRemove(deps, claim, held, plan);
    if (packed === null) {
      await deps.db.transaction((tx) => handBackDownload(tx, { ...claim, next: 'gather', failed: false, delayMs: 0 }));
      return;
    }
    // Before the download is ready: a worker that dies right after that leaves nothing behind.
    await tried(deps, removeObjectsUpTo(deps, { downloadId, epoch: claim.epoch - 1 }));
    // Whether a publication that ended in an error took place, only the database knows: the objects stay until the next
    // claim, or the end of the download, makes them useless for certain.
    if (!(await publish(deps, claim, packed))) {
      await removeObjectsOfClaim(deps, claim);
      throw await interruptionOf(deps, claim);
    }
  });
}

type Packed = Pick<Publication, 'parts' | 'expiresAt'>;

/** The stored parts; null when gathering has to start over. Leaves no objects behind unless it succeeds. */
async function packOrRemove(
  deps: WorkerDeps,
  claim: Claim,
  held: HeldClaim,
  planned: BundlePlan | null,
): Promise<Packed | null> {
  try {
    const plan = planned ?? (await planBundle(deps, claim.downloadId));
    const parts = await writeParts(deps, claim, plan, held);
    const allowed = await stillAllowed(deps, claim.downloadId, plan.terms);
    if (allowed !== null) return { parts, expiresAt: allowed.expiresAt };
  } catch (error) {
    await tried(deps, removeObjectsOfClaim(deps, claim));
    if (await recordFaultyBlob(deps, error)) return null;
    throw error;
  }
  await removeObjectsOfClaim(deps, claim);
  return null;
}

/** That objects cannot be removed is no reason to fail: the end of the download removes them once more. */
async function tried({ storage, logger }: WorkerDeps, removed: Promise<void>): Promise<void> {
  await inTime(storage, removed).catch((err: unknown) => logger.warn({ err }, 'objects left behind'));
}

async function publish({ db, clock, sealers }: WorkerDeps, claim: Claim, packed: Packed): Promise<boolean> {
  const token = newSecretToken();
  const link = { tokenHash: hashSecretToken(token), sealedToken: sealers.link.seal(token) };
  return db.transaction((tx) => publishDownload(tx, { ...claim, ...packed, link, now: clock() }));
}
