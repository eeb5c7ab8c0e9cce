/**
 * The paths (JSON pointers) of texts that PostgreSQL cannot store: NUL fits in no text, half a surrogate pair in no
 * JSON. Found here, they are the caller's fault; found there, they would look like ours.
 */
export function unstorableText(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unstorableText(inner, `${path}/${key}`));
}
