import type { MeJson } from '@sheaf/contract/me';
import type { Executor } from '@sheaf/db/database';
import { readQuotaUse } from '@sheaf/db/quotas/read-quota-use';
import { findAccount } from '@sheaf/db/users/find-account';
import { addingRoles } from '@sheaf/domain/actor';
import type { Settings } from '@sheaf/runtime/settings';
import type { CurrentUser } from '../current-user.ts';
import { quotaUseJson } from './quota-use-json.ts';

/** Who somebody is, with their groups and what limits them. */
export async function readMe(
  executor: Executor,
  { user, settings, now }: { user: CurrentUser; settings: Pick<Settings, 'MAX_UPLOAD_BYTES'>; now: Date },
): Promise<MeJson> {
  const [account, quota] = await Promise.all([findAccount(executor, user.id), readQuotaUse(executor, user.id, now)]);
  const { id, email, name, role, dynamicRenditions, preferences } = user;
  return {
    id,
    email,
    name,
    role,
    dynamicRenditions,
    hasPassword: account?.hasPassword ?? false,
    preferences,
    maxUploadBytes: addingRoles.includes(user.role) ? settings.MAX_UPLOAD_BYTES : null,
    groups: account?.groups ?? [],
    quota: quota.map((use) => quotaUseJson(use)),
  };
}
