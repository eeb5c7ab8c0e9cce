export const roles = ['requester', 'contributor', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Whoever asks. A disabled user is never an actor. */
export interface Actor {
  id: string;
  role: Role;
  /** Entitlement to dynamic and smart-crop renditions (rule 5). */
  dynamicRenditions: boolean;
}
