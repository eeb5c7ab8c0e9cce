import { layoutArchive } from '@sheaf/archive/layout-archive';
import { sortEntries } from '@sheaf/archive/sort-entries';
import type { Claim } from '@sheaf/db/downloads/claim-download';
import type { Publication } from '@sheaf/db/downloads/publish-download';
import type { ObjectWriter } from '@sheaf/storage/object-store';
import { archiveFiles, bundleFileName } from './bundle-file-name.ts';
import { bundleObjectKey } from './bundle-objects.ts';
import { chooseDelivery, type Delivery } from './choose-delivery.ts';
import { endUnfinished } from './end-unfinished.ts';
import type { HeldClaim } from './hold-claim.ts';
import { keepContent } from './keep-content.ts';
import { ownEntries } from './own-entries.ts';
import type { PartToStore, StoredPart } from './part-to-store.ts';
import type { BundlePlan } from './plan-bundle.ts';
import { storeCompressed } from './store-compressed.ts';
import { storeLaidOut } from './store-laid-out.ts';
import type { WorkerDeps } from './worker-deps.ts';

type WrittenPart = Publication['parts'][number];

/**
 * Stores what a frozen download's archives are delivered from, one after the other, and shows how far it is. Nobody can
 * reach them before they are published. Rejects as the archive engine and the storage do.
 *
 * Their objects get their names when all are written: until then, a worker that is stopped leaves those that are finished
 * to the next one as it does the one in hand.
 */
export async function writeParts(
  deps: WorkerDeps,
  claim: Claim,
  plan: BundlePlan,
  held: HeldClaim,
): Promise<WrittenPart[]> {
  const { request } = claim;
  const { parts } = plan;
  const delivery = chooseDelivery(request, deps.settings, deps.storage);
  const { extension, mediaType } = archiveFiles[request.format];
  const done = { entries: 0, bytes: 0 };
  const written: WrittenPart[] = [];
  const writers: ObjectWriter[] = [];
  try {
    for (const { number, entries, bytes, content } of parts) {
      const objectKey = bundleObjectKey(claim, number, delivery === 'streamed' ? '.tail' : extension);
      const { writer, ...stored } = await storePart(deps, delivery, {
        objectKey,
        content,
        closing: () => ownEntries(deps, claim, plan, number),
        request,
        signal: held.signal,
        // What is done of Sheaf's own files is not progress: nobody was told of them in the total.
        onProgress: (part) =>
          held.show({
            entriesDone: done.entries + Math.min(part.entries, entries),
            bytesDone: done.bytes + Math.min(part.bytes, bytes),
          }),
      });
      writers.push(writer);
      const fileName = bundleFileName(claim.name, request.format, { number, of: parts.length });
      written.push({ ...stored, number, objectKey, fileName, mediaType });
      done.entries += entries;
      done.bytes += bytes;
    }
    for (const writer of writers) {
      held.signal.throwIfAborted();
      await writer.commit();
    }
  } catch (error) {
    for (const writer of writers) await endUnfinished(deps, writer, held.signal);
    throw error;
  }
  return written;
}

async function storePart(deps: WorkerDeps, delivery: Delivery, part: PartToStore): Promise<StoredPart> {
  switch (delivery) {
    case 'compressed':
      return storeCompressed(deps, part);
    case 'packed':
      return { ...(await storeArchive(deps, delivery, part)), bundleId: null };
    case 'streamed':
      return storeStreamed(deps, part);
  }
}

/** The content is kept in the database while what follows it is made and stored. */
async function storeStreamed(deps: WorkerDeps, part: PartToStore): Promise<StoredPart> {
  const content = sortEntries(part.content);
  const [kept, stored] = await Promise.allSettled([
    keepContent(deps, content),
    storeArchive(deps, 'streamed', { ...part, content }),
  ]);
  if (stored.status === 'rejected') throw stored.reason;
  if (kept.status === 'fulfilled') return { ...stored.value, bundleId: kept.value };
  await endUnfinished(deps, stored.value.writer, part.signal);
  throw kept.reason;
}

async function storeArchive(
  deps: WorkerDeps,
  delivery: 'packed' | 'streamed',
  part: PartToStore,
): Promise<Omit<StoredPart, 'bundleId'>> {
  const archive = layoutArchive(part.content, { closing: await part.closing() });
  part.signal.throwIfAborted();
  const { size, etag, entries } = archive;
  const writer = await storeLaidOut(deps, archive, { ...part, delivery });
  return { delivery, size, etag, sha256: null, entries, writer };
}
