import type { AuditEventJson } from '@sheaf/contract/audit';
import { t } from '#lib/i18n/texts.svelte.ts';

/** What an event's action is called; one that a newer server records stands for itself. */
export function actionName({ action, detail }: Pick<AuditEventJson, 'action' | 'detail'>): string {
  const names: Record<string, string> = t.admin.audit.actions;
  // The installation's own keys, by which it signs; an API token has none.
  const signing: Record<string, string> = 'kid' in detail ? t.admin.audit.signingKey : {};
  return signing[action] ?? (Object.hasOwn(names, action) ? names[action]! : action);
}
