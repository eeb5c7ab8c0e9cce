import type { Actor } from './actor.ts';

/**
 * Whether an actor may look at what is everybody's: administration, other people's downloads, assets and licences that
 * are not approved. Every such reading asks here. Changing any of it takes an administrator; see `mayChange`.
 */
export function seesEverything(actor: Pick<Actor, 'role'>): boolean {
  return actor.role === 'administrator' || actor.role === 'auditor';
}

/** Whether an actor may change anything but their own account: auditors read only. */
export function mayChange(actor: Pick<Actor, 'role'>): boolean {
  return actor.role !== 'auditor';
}
