import { ApiError } from '#lib/api.ts';
import type { Texts } from '#lib/i18n/dictionary.ts';
import { problemText } from '#lib/problem-text.ts';
import { UnreadableHereError } from './upload.svelte.ts';

/**
 * Why a file was not added, for whoever chose it.
 * @param most The size of the largest file, as people read it.
 */
export function uploadProblem(error: unknown, texts: Pick<Texts, 'problems' | 'upload'>, most: string): string {
  if (error instanceof UnreadableHereError) return texts.upload.unreadableHere;
  if (!(error instanceof ApiError)) return problemText(error, texts);
  if (error.code === 'upload.too_large') return texts.upload.tooLarge(most);
  const refusals: Record<string, string> = texts.upload.refusals;
  const refusal = Object.hasOwn(refusals, error.code) ? refusals[error.code]! : problemText(error, texts);
  const fields = error.errors.map(({ path, message }) => `${path.replace(/^\//, '')}: ${message}`);
  return [refusal, ...fields].join(' ');
}
