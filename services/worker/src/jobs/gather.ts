import type { Claim } from '@sheaf/db/downloads/claim-download';
import { findStandingDecision } from '@sheaf/db/downloads/decision-moment';
import { freezeAsDecided, freezeItems } from '@sheaf/db/downloads/freeze-items';
import { listBundleLicences } from '@sheaf/db/downloads/list-bundle-licences';
import { listFrozenBlobs } from '@sheaf/db/downloads/list-frozen-blobs';
import { refuseDownload } from '@sheaf/db/downloads/refuse-download';
import { AppError } from '@sheaf/domain/app-error';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { blobsOf, checkBlobs, startBlobCheck } from '../check-blobs.ts';
import { chooseDelivery } from '../choose-delivery.ts';
import { interruptionOf } from '../claim-interruptions.ts';
import { decideBundle } from '../decide-bundle.ts';
import { type BundlePlan, planWhereRendered } from '../plan-bundle.ts';
import { refusalText } from '../refusal-text.ts';
import { renderPending } from '../render-pending.ts';
import { runStep } from '../run-step.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import type { Gathered } from './pack.ts';

/**
 * Decides a download again, makes sure that every file of it is there, and freezes what will be packed. What became
 * unavailable since the request is left out with its reason, or fails the download where it asked for that.
 *
 * Returns what whoever packs the download right away need not read again.
 */
export async function gather(
  { downloadId }: JobPayloads['gather'],
  deps: WorkerDeps,
  signal: AbortSignal,
): Promise<Gathered | null> {
  let gathered: Gathered | null = null;
  await runStep(deps, { downloadId, step: 'gather' }, signal, async (claim, held) => {
    const asDecided = await passOnAsDecided(deps, claim, held.signal);
    if (asDecided !== null) {
      if (asDecided.plan !== null) gathered = { plan: asDecided.plan, epoch: claim.epoch };
      return;
    }
    let bundle = await decideBundle(deps, downloadId);
    const rendered = await renderPending(deps, bundle.decision, held.signal);
    if (rendered > 0) bundle = await decideBundle(deps, downloadId);
    const faulty = await checkBlobs(deps, blobsOf(bundle.decision.outcomes), held.signal);
    if (faulty > 0) bundle = await decideBundle(deps, downloadId);
    const { decision, moment, documents } = bundle;

    if (decision.verdict !== 'allowed') {
      const error = { code: decision.verdict, message: refusalText(decision) };
      await deps.db.transaction((tx) => refuseDownload(tx, { ...claim, decision, error, now: deps.clock() }));
      return;
    }
    if (decision.entriesToRender > 0) {
      const pending = decision.outcomes.flatMap(({ entries }) => entries.filter(({ size }) => size === null));
      throw new AppError('render.failed', 'Some renditions could not be made yet.', {
        retryable: true,
        detail: { rendition: pending[0]?.name },
      });
    }
    const lost = await checkBlobs(deps, documents, held.signal);
    if (lost > 0 || documents.some(({ fault }) => fault !== null)) {
      throw new AppError('blob.missing', 'The document of a licence is missing or damaged.');
    }
    if (!(await deps.db.transaction((tx) => freezeItems(tx, claim, decision, moment)))) {
      throw await interruptionOf(deps, claim);
    }
  });
  return gathered;
}

/**
 * What was decided with the request mostly still holds a moment later, and then only its files have to be looked at. Null
 * where something has changed since, a file is faulty or still to be rendered, or parts are to be divided: the parts of a
 * request have no room yet for Sheaf's own files.
 */
async function passOnAsDecided(
  deps: WorkerDeps,
  claim: Claim,
  signal: AbortSignal,
): Promise<{ plan: BundlePlan | null } | null> {
  const { downloadId, request } = claim;
  const { db, clock } = deps;
  if (request.partSize !== null || (await findStandingDecision(db.orm, downloadId, clock())) === null) return null;
  const isStreamed = chooseDelivery(request, deps.settings, deps.storage) === 'streamed';
  const checked = isStreamed ? await planAndCheck(deps, downloadId, signal) : await check(deps, downloadId, signal);
  if (checked === null) return null;
  if (!(await db.transaction((tx) => freezeAsDecided(tx, claim)))) throw await interruptionOf(deps, claim);
  return checked;
}

/** Null where a file is faulty or still to be rendered. */
async function check(deps: WorkerDeps, downloadId: string, signal: AbortSignal): Promise<{ plan: null } | null> {
  const [blobs, licences] = await Promise.all([
    listFrozenBlobs(deps.db.orm, downloadId),
    listBundleLicences(deps.db.orm, downloadId),
  ]);
  if (blobs === null) return null;
  const documents = licences.map(({ document }) => document);
  if (documents.some(({ fault }) => fault !== null)) return null;
  return (await checkBlobs(deps, [...blobs, ...documents], signal)) > 0 ? null : { plan: null };
}

/** The same of what is packed in a moment, whose items are therefore read only once: files are looked at meanwhile. */
async function planAndCheck(
  deps: WorkerDeps,
  downloadId: string,
  signal: AbortSignal,
): Promise<{ plan: BundlePlan } | null> {
  const blobCheck = startBlobCheck(deps, signal);
  try {
    const plan = await planWhereRendered(deps, downloadId, (content) => blobCheck.add(content.map(({ blob }) => blob)));
    if (plan === null) return null;
    const documents = plan.terms.licences.map(({ document }) => document);
    if (documents.some(({ fault }) => fault !== null)) return null;
    blobCheck.add(documents);
    return (await blobCheck.faulty()) > 0 ? null : { plan };
  } finally {
    blobCheck.close();
  }
}
