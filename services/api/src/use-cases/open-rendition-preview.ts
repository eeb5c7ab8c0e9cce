import { pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import { previewParameters } from '@sheaf/domain/preview-parameters';
import type { BlobFacts } from '@sheaf/domain/rendition';
import type { ApiDeps } from '../api-deps.ts';
import { authoriseRendition, noSuchFile, type RenditionQuestion } from './authorise-rendition.ts';
import { openDerivative, type Patience } from './open-derivative.ts';

export interface PreviewFile {
  blob: BlobFacts;
  mediaType: string;
}

/**
 * A small picture of a rendition that is made on demand, where every rule lets the actor have the rendition itself.
 * Throws as `openRendition` does, and `resource.not_found` for what is not made on demand.
 */
export async function openRenditionPreview(
  deps: Pick<ApiDeps, 'db' | 'storage' | 'clock'>,
  question: Omit<RenditionQuestion, 'now'>,
  patience: Patience | null,
): Promise<PreviewFile> {
  const authorise = () => authoriseRendition(deps.db.prepared, { ...question, now: deps.clock() });
  const { asset, definition } = await authorise();
  const original = pictureOriginal(asset);
  if (definition === null || original === null) throw noSuchFile();
  const parameters = previewParameters(definition.parameters);
  const blob = await openDerivative(deps, { actorId: question.actor.id, original, parameters, patience });
  await authorise();
  return { blob, mediaType: `image/${parameters.format}` };
}
