import { AppError } from '@sheaf/domain/app-error';
import { pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import { reasonText } from '@sheaf/domain/reason-text';
import type { BlobFacts, Rendition } from '@sheaf/domain/rendition';
import type { ApiDeps } from '../api-deps.ts';
import { authoriseRendition, noSuchFile, type RenditionQuestion } from './authorise-rendition.ts';
import { checkStored } from './check-stored.ts';
import { openDerivative, type Patience, storedDerivative } from './open-derivative.ts';

/**
 * The rendition with its stored bytes, where every rule lets the actor have them. One that is made on demand is made
 * now; without patience it is not. Throws as `authoriseRendition` and `openDerivative` do, and `blob.missing` or
 * `blob.corrupt` where the store does not have the bytes that were recorded.
 */
export async function openRendition(
  deps: Pick<ApiDeps, 'db' | 'storage' | 'clock'>,
  question: Omit<RenditionQuestion, 'now'>,
  patience: Patience | null,
): Promise<{ rendition: Rendition; blob: BlobFacts }> {
  const { db, clock } = deps;
  const { asset, rendition, definition } = await authoriseRendition(db.prepared, { ...question, now: clock() });
  if (definition === null) {
    const { blob } = rendition;
    if (blob === null) throw new AppError('blob.missing', reasonText['blob.missing']);
    await checkStored(deps, blob);
    return { rendition, blob };
  }
  if (rendition.state === 'ready') return { rendition, blob: await storedDerivative(deps, rendition) };
  const original = pictureOriginal(asset);
  if (original === null) throw noSuchFile();
  const { parameters } = definition;
  const blob = await openDerivative(deps, { actorId: question.actor.id, original, parameters, patience });
  // It took its time: what was taken from the actor meanwhile is not handed out.
  await authoriseRendition(db.prepared, { ...question, now: clock() });
  return { rendition, blob };
}
