import type { AuditEventJson } from '@sheaf/contract/audit';
import { t } from '#lib/i18n/texts.svelte.ts';

const ofLinks = ['bundle.accessed', 'bundle.refused', 'file.accessed'];

/** Who did it; where it was no user, what it came from, as far as the record tells. */
export function actorName({ actor, action, detail }: Pick<AuditEventJson, 'actor' | 'action' | 'detail'>): string {
  if (actor) return actor.name ?? actor.id;
  if (ofLinks.includes(action)) return t.admin.audit.link;
  const isCommand = detail.imported === true || (action === 'key.revoked' && 'kid' in detail);
  return isCommand ? t.admin.audit.commandLine : t.admin.audit.system;
}
