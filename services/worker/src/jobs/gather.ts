import type { Claim } from '@sheaf/db/downloads/claim-download';
import { findStandingDecision } from '@sheaf/db/downloads/decision-moment';
import { freezeAsDecided, freezeItems } from '@sheaf/db/downloads/freeze-items';
import { listBundleLicences } from '@sheaf/db/downloads/list-bundle-licences';
import { listFrozenBlobs } from '@sheaf/db/downloads/list-frozen-blobs';
import { refuseDownload } from '@sheaf/db/downloads/refuse-download';
import { AppError } from '@sheaf/domain/app-error';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { blobsOf, checkBlobs } from '../check-blobs.ts';
import { interruptionOf } from '../claim-interruptions.ts';
import { decideBundle } from '../decide-bundle.ts';
import { refusalText } from '../refusal-text.ts';
import { renderPending } from '../render-pending.ts';
import { runStep } from '../run-step.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/**
 * Decides a download again, makes sure that every file of it is there, and freezes what will be packed. What became
 * unavailable since the request is left out with its reason, or fails the download where it asked for that.
 */
export async function gather({ downloadId }: JobPayloads['gather'], deps: WorkerDeps, signal: AbortSignal) {
  await runStep(deps, { downloadId, step: 'gather' }, signal, async (claim, held) => {
    if (await passOnAsDecided(deps, claim, held.signal)) return;
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
      throw new AppError('render.failed', 'Some renditions could not be made yet.', { retryable: true });
    }
    const lost = await checkBlobs(deps, documents, held.signal);
    if (lost > 0 || documents.some(({ fault }) => fault !== null)) {
      throw new AppError('blob.missing', 'The document of a licence is missing or damaged.');
    }
    if (!(await deps.db.transaction((tx) => freezeItems(tx, claim, decision, moment)))) {
      throw await interruptionOf(deps, claim);
    }
  });
}

/**
 * What was decided with the request mostly still holds a moment later, and then only its files have to be looked at. False
 * where something has changed since, a file is faulty or still to be rendered, or parts are to be divided: the parts of a
 * request have no room yet for Sheaf's own files.
 */
async function passOnAsDecided(deps: WorkerDeps, claim: Claim, signal: AbortSignal): Promise<boolean> {
  const { downloadId, request } = claim;
  const { db, clock } = deps;
  if (request.partSize !== null || (await findStandingDecision(db.orm, downloadId, clock())) === null) return false;
  const [blobs, licences] = await Promise.all([
    listFrozenBlobs(db.orm, downloadId),
    listBundleLicences(db.orm, downloadId),
  ]);
  if (blobs === null) return false;
  const documents = licences.map(({ document }) => document);
  if (documents.some(({ fault }) => fault !== null)) return false;
  if ((await checkBlobs(deps, [...blobs, ...documents], signal)) > 0) return false;
  if (!(await db.transaction((tx) => freezeAsDecided(tx, claim)))) throw await interruptionOf(deps, claim);
  return true;
}
