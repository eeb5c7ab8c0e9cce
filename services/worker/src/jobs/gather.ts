import { freezeItems } from '@sheaf/db/downloads/freeze-items';
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
    let bundle = await decideBundle(deps, downloadId);
    const rendered = await renderPending(deps, bundle.decision, held.signal);
    if (rendered > 0) bundle = await decideBundle(deps, downloadId);
    const faulty = await checkBlobs(deps, blobsOf(bundle.decision.outcomes), held.signal);
    if (faulty > 0) bundle = await decideBundle(deps, downloadId);
    const { decision, documents } = bundle;

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
    if (!(await deps.db.transaction((tx) => freezeItems(tx, claim, decision)))) {
      throw await interruptionOf(deps, claim);
    }
  });
}
