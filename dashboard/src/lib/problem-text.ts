import { ApiError, ConnectionError } from './api.ts';
import type { Texts } from './i18n/dictionary.ts';

/** What to tell a person about anything that was thrown. */
export function problemText(error: unknown, { problems }: Pick<Texts, 'problems'>): string {
  if (error instanceof ConnectionError) return problems.connection;
  if (!(error instanceof ApiError)) return problems.unexpected;
  const texts: Record<string, string> = problems.codes;
  return Object.hasOwn(texts, error.code) ? texts[error.code]! : error.message;
}
