import type { AdminTexts } from '../dictionary.ts';
import { audit } from './admin/audit.ts';
import { catalogue } from './admin/catalogue.ts';
import { download } from './admin/download.ts';
import { downloads } from './admin/downloads.ts';
import { failures } from './admin/failures.ts';
import { frame } from './admin/frame.ts';
import { groups } from './admin/groups.ts';
import { licences } from './admin/licences.ts';
import { limits } from './admin/limits.ts';
import { overview } from './admin/overview.ts';
import { presets } from './admin/presets.ts';
import { queues } from './admin/queues.ts';
import { reasons } from './admin/reasons.ts';
import { retention } from './admin/retention.ts';
import { storage } from './admin/storage.ts';
import { users } from './admin/users.ts';
import { visibility } from './admin/visibility.ts';
import { webhooks } from './admin/webhooks.ts';
import { workers } from './admin/workers.ts';

export const adminTexts: AdminTexts = {
  audit,
  catalogue,
  download,
  downloads,
  failures,
  frame,
  groups,
  licences,
  limits,
  overview,
  presets,
  queues,
  reasons,
  retention,
  storage,
  users,
  visibility,
  webhooks,
  workers,
};
