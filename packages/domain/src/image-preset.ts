import type { ImageParameters } from './image-parameters.ts';
import type { BlobFacts } from './rendition.ts';

export type PresetKind = 'dynamic' | 'smart-crop';

/**
 * One rendition that is made on demand. An image preset (`dynamic`) has one of these, a smart-crop profile one for each
 * of its sizes. Nothing is listed, rendered or handed out from one that is not approved (rule 5).
 */
export interface RenditionDefinition {
  /** Of the preset or profile: what is approved. */
  presetId: string;
  kind: PresetKind;
  /** Name of the rendition: lower-case letters, digits and hyphens. */
  name: string;
  title: string;
  parameters: ImageParameters;
  /** Names the parameters: equal for equal ones only. */
  parametersKey: string;
}

/** What became of rendering one original with one set of parameters; there is one at most for each such pair. */
export interface Derivative {
  originalSha256: string;
  parametersKey: string;
  state: 'pending' | 'ready' | 'failed';
  width: number | null;
  height: number | null;
  blob: BlobFacts | null;
}
