import { maxPixels } from './open-picture.ts';
import type { RenderFailureCause } from './render-failure.ts';

export const incompletePicture = 'The picture is incomplete: the file ends early or is damaged.';

/** What is wrong with a picture, for people, from what libvips or sharp says; `otherwise` where they say nothing clear. */
export function unreadableReason(
  error: unknown,
  otherwise = 'The file cannot be read as a picture.',
): { message: string; cause: RenderFailureCause } {
  const said = error instanceof Error ? error.message : '';
  if (/pixel limit/i.test(said)) {
    return { cause: 'unreadable', message: `The picture has more than ${Math.floor(maxPixels / 1e6)} million pixels.` };
  }
  if (/premature end|unexpected end|end of file|read error|truncat|eof/i.test(said)) {
    return { cause: 'unreadable', message: incompletePicture };
  }
  if (/timeout/i.test(said)) return { cause: 'time', message: 'The picture took too long to decode.' };
  return { cause: 'unreadable', message: otherwise };
}
