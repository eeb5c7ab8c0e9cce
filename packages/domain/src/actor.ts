/** From the least to the most; an `auditor` sees what an administrator sees, and changes nothing. */
export const roles = ['requester', 'contributor', 'auditor', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Those who may add assets. */
export const addingRoles: readonly Role[] = ['contributor', 'administrator'];

/** Whoever asks. A disabled user is never an actor. */
export interface Actor {
  id: string;
  role: Role;
  /** Entitlement to dynamic and smart-crop renditions (rule 5): the user's own, or that of a group. */
  dynamicRenditions: boolean;
  /** Ids of the groups that the user is a member of. */
  groups: readonly string[];
}
