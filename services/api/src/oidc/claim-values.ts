import type { Role } from '@sheaf/domain/actor';

/** What an identity provider says about a user, as parsed from JSON. */
export type Claims = Record<string, unknown>;

/**
 * The texts that a claim has: one, or a list of them; none where it is absent or something else. A name that no claim
 * has as it stands is a path into objects, such as `realm_access.roles`.
 */
export function claimValues(claims: Claims, name: string): string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : name.split('.').reduce<unknown>(member, claims);
  const values = Array.isArray(value) ? value : [value];
  return [...new Set(values.filter((item): item is string => typeof item === 'string' && item !== ''))];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Claims)[name]
    : undefined;
}

/** The role that values of the groups claim give; null where roles are managed here. */
export function roleOf(
  values: readonly string[],
  { adminGroup, contributorGroup }: { adminGroup: string | null; contributorGroup: string | null },
): Role | null {
  if (adminGroup === null && contributorGroup === null) return null;
  if (adminGroup !== null && values.includes(adminGroup)) return 'administrator';
  return contributorGroup !== null && values.includes(contributorGroup) ? 'contributor' : 'requester';
}
