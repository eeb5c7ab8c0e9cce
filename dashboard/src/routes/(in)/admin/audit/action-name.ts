import { t } from '#lib/i18n/texts.svelte.ts';

/** What an action is called; one that a newer server records stands for itself. */
export function actionName(action: string): string {
  const names: Record<string, string> = t.admin.audit.actions;
  return Object.hasOwn(names, action) ? names[action]! : action;
}
