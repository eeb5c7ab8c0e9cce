import { askForLostBulkActions, forgetPreviews } from '@sheaf/db/bulk-actions/tidy-bulk-actions';
import { removeUnusedBundles } from '@sheaf/db/bundles/remove-unused-bundles';
import { askForWaiting } from '@sheaf/db/downloads/ask-for-waiting';
import { expireDownloads } from '@sheaf/db/downloads/expire-downloads';
import { forgetDecisiveChanges } from '@sheaf/db/downloads/forget-decisive-changes';
import { findUnremovedObjects, markObjectsRemoved } from '@sheaf/db/downloads/object-removal';
import { recoverLostClaims } from '@sheaf/db/downloads/recover-lost-claims';
import { deleteOldIdempotencyKeys } from '@sheaf/db/idempotency/delete-old-idempotency-keys';
import { askForLostNotifications } from '@sheaf/db/notifications/ask-for-lost-notifications';
import { askForLostRenders } from '@sheaf/db/outbox/ask-for-lost-renders';
import { askForLostDerivatives } from '@sheaf/db/presets/ask-for-lost-derivatives';
import { forgetOldMessages } from '@sheaf/db/retention/forget-old-messages';
import { forgetPreviousSecrets } from '@sheaf/db/webhooks/forget-previous-secrets';
import { removeDeadWorkers } from '@sheaf/db/workers/heartbeat-worker';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { removeObjectsUpTo } from '../bundle-objects.ts';
import { countActivity, forgetActivity, measure } from '../count-activity.ts';
import { notForGood } from '../not-for-good.ts';
import { recheckFaultyBlobs } from '../recheck-faulty-blobs.ts';
import { removeUnknownFiles, removeUnusedFiles } from '../remove-unused-files.ts';
import type { WorkerDeps } from '../worker-deps.ts';

type Step = (deps: WorkerDeps, signal: AbortSignal) => Promise<unknown>;

/** Rows of each sort in one transaction; the next sweep goes on. */
const limit = 500;
const dayMs = 24 * 60 * 60 * 1_000;
/** Whoever is being sent a streamed archive when its time is over has so long for the rest. */
const restOfStreamMs = dayMs;
/** A render job that was asked for so long ago and has no result may be lost. */
const lostRenderMs = 60_000;
/** A bundle that was laid out so long ago and is in no archive will not be. */
const unusedBundleMs = 60 * 60_000;
/** What was previewed and not confirmed since. */
const forgottenPreviewMs = 60 * 60_000;
/** A worker that died is remembered while downloads may be judged by how many do. */
const deadWorkerSeconds = 24 * 60 * 60;

/** Does what nobody asks for: ends what is over, finds what was lost, removes what nobody needs. */
export async function sweep(_payload: JobPayloads['sweep'], deps: WorkerDeps, signal: AbortSignal) {
  const { cadence, policy } = deps;
  // What people wait for comes before all that a storage can hold up.
  const steps: Step[] = [expire, recover];
  if (cadence('lost jobs', policy.lostJobsEvery)) {
    steps.push(askForDownloads, askForNotifications, askForRenders, askForDerivatives, askForBulkActions);
  }
  steps.push(countActivity, removeObjects);
  if (cadence('tidy', policy.tidyEvery)) {
    steps.push(removeBundles, forgetIdempotencyKeys, forgetChanges, forgetDeadWorkers);
    steps.push(forgetActivity, forgetMessages, forgetBulkPreviews, forgetSecrets, removeTemporaryFiles);
  }
  if (cadence('storage', policy.measureEvery)) steps.push(measureStored);
  if (cadence('unused files', policy.tidyEvery)) steps.push(removeUnused, removeUnknown);
  // The last, for it may have to read much.
  if (cadence('faulty blobs', policy.tidyEvery)) steps.push(recheckFaulty);

  const errors: unknown[] = [];
  for (const step of steps) {
    signal.throwIfAborted();
    // One that fails, as with a storage that is away, must not keep the others from their work.
    await step(deps, signal).catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} steps of the sweep failed.`);
}

const expire: Step = ({ db, clock }) => db.transaction((tx) => expireDownloads(tx, { now: clock(), limit }));

const recover: Step = async ({ db, clock, logger }) => {
  const recovered = await db.transaction((tx) => recoverLostClaims(tx, { now: clock(), limit }));
  if (recovered.asked + recovered.failed > 0) logger.warn(recovered, 'downloads of lost workers');
};

const removeObjects = notForGood(async (deps, signal) => {
  const expiredBefore = new Date(deps.clock().getTime() - restOfStreamMs);
  for (const ended of await findUnremovedObjects(deps.db.orm, { expiredBefore, limit })) {
    signal.throwIfAborted();
    try {
      await removeObjectsUpTo(deps, ended);
    } catch (err) {
      // It is tried again by the next sweep, and must not keep the others.
      deps.logger.warn({ err, ...ended }, 'objects of an ended download not removed');
      continue;
    }
    await deps.db.transaction((tx) => markObjectsRemoved(tx, ended));
  }
});

const askForDownloads: Step = ({ db, policy }) =>
  db.transaction((tx) => askForWaiting(tx, { olderThanSeconds: policy.lostJobsAge / 1_000, limit }));

const askForNotifications: Step = ({ db, policy }) =>
  db.transaction((tx) => askForLostNotifications(tx, { overdueSeconds: policy.lostJobsAge / 1_000, limit }));

const askForRenders: Step = ({ db, clock }) =>
  db.transaction((tx) => askForLostRenders(tx, { before: new Date(clock().getTime() - lostRenderMs), limit }));

const askForDerivatives: Step = ({ db, clock }) =>
  db.transaction((tx) => askForLostDerivatives(tx, { before: new Date(clock().getTime() - lostRenderMs), limit }));

const askForBulkActions: Step = ({ db }) => db.transaction((tx) => askForLostBulkActions(tx, limit));

const removeTemporaryFiles = notForGood(({ storage, clock }) =>
  storage.objects.sweepTemporary(new Date(clock().getTime() - dayMs)),
);

const measureStored = notForGood(measure);
const removeUnused = notForGood(removeUnusedFiles);
const removeUnknown = notForGood(removeUnknownFiles);
const recheckFaulty = notForGood(recheckFaultyBlobs, { limitsCalls: true });

const removeBundles: Step = ({ db, clock }) =>
  removeUnusedBundles(db.orm, { unusedSince: new Date(clock().getTime() - unusedBundleMs), limit });

const forgetIdempotencyKeys: Step = ({ db, clock }) => deleteOldIdempotencyKeys(db.orm, clock());

const forgetChanges: Step = ({ db }) => forgetDecisiveChanges(db.orm);

const forgetMessages: Step = ({ db, clock }) => forgetOldMessages(db.orm, { now: clock(), limit });

const forgetDeadWorkers: Step = ({ db }) => removeDeadWorkers(db.orm, deadWorkerSeconds);

const forgetSecrets: Step = ({ db, clock }) => forgetPreviousSecrets(db.orm, clock());

const forgetBulkPreviews: Step = ({ db, clock }) =>
  forgetPreviews(db.orm, new Date(clock().getTime() - forgottenPreviewMs));
