export const renditionKinds = ['original', 'static', 'dynamic', 'smart-crop'] as const;
export type RenditionKind = (typeof renditionKinds)[number];

export const renditionStates = ['pending', 'ready', 'failed'] as const;
export type RenditionState = (typeof renditionStates)[number];

/** Why a blob's bytes cannot be had although its row exists. */
export type BlobFault = 'missing' | 'corrupt';

/** The recorded facts of stored bytes. Sizes in bytes; `crc32` unsigned; `sha256` lower-case hex. */
export interface BlobFacts {
  sha256: string;
  size: number;
  crc32: number;
  fault: BlobFault | null;
}

/** One file of an asset. `blob` is null until the rendition is `ready`; until then, `width` and `height` are the expected ones. */
export interface Rendition {
  id: string;
  assetId: string;
  kind: RenditionKind;
  /** `original`, or the name of the static definition, preset or crop. */
  name: string;
  /** For people, of a preset or crop; null for originals and static renditions. */
  title: string | null;
  /** The image preset or smart-crop profile that it is made from; null for originals and static renditions. */
  presetId: string | null;
  state: RenditionState;
  mediaType: string;
  /** Suggested file name with its extension, not yet safe for an archive. */
  fileName: string;
  width: number | null;
  height: number | null;
  blob: BlobFacts | null;
  /** Why a `pending` one cannot be rendered: the bytes of its original are gone or damaged. Absent where they are well. */
  sourceFault?: BlobFault;
}
