import type { ApiTokenJson } from '@sheaf/contract/api-token';
import type { ApiToken } from '@sheaf/db/users/api-tokens';

export function apiTokenJson({ id, name, createdAt, expiresAt, lastUsedAt }: ApiToken): ApiTokenJson {
  return {
    id,
    name,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
