import { findFfmpeg } from './find-ffmpeg.ts';

/** What static renditions are made of where the original is no picture: a PDF's first page, or a frame of a video. */
export type PreviewKind = 'pdf' | 'video';

/** Most bytes of a PDF that a preview is made of: it is drawn from memory. */
const maxPdfBytes = 256 * 1024 * 1024;
/** Most bytes of a video that a preview is made of: it is copied for ffmpeg. */
const maxVideoBytes = 8 * 1024 * 1024 * 1024;

/** Null where there is no preview of such files. */
export function previewKind(mediaType: string): PreviewKind | null {
  if (mediaType === 'application/pdf') return 'pdf';
  return mediaType.startsWith('video/') ? 'video' : null;
}

/**
 * Whether this machine makes previews of a file of this size in bytes whose content shows this type: of videos where it
 * has ffmpeg. A name alone is not enough: `.ts` is a kind of video as well as a program.
 */
export async function canPreview(detectedMediaType: string | undefined, size: number): Promise<boolean> {
  const kind = previewKind(detectedMediaType ?? '');
  if (kind === null) return false;
  if (kind === 'pdf') return size <= maxPdfBytes;
  return size <= maxVideoBytes && (await findFfmpeg()) !== null;
}
