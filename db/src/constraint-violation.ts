/**
 * The constraint or unique index that a failed statement broke, where `error` says so (drizzle wraps the server's
 * error); null for every other error. Kinds: a value that is taken already, or a reference to a row that is not there.
 */
export function constraintViolation(error: unknown): { kind: 'unique' | 'reference'; constraint: string } | null {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const { code, constraint_name: constraint } = current as { code?: unknown; constraint_name?: unknown };
    if (code === '23505') return { kind: 'unique', constraint: String(constraint) };
    if (code === '23503') return { kind: 'reference', constraint: String(constraint) };
  }
  return null;
}
