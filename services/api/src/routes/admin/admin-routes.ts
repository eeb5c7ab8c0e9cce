import type { ApiRoute } from '../../api-deps.ts';
import { adminDownloadRoutes } from './downloads/admin-download-routes.ts';
import { getAdminEvents } from './get-admin-events.ts';
import { getAudit } from './get-audit.ts';
import { getAuditVerification } from './get-audit-verification.ts';
import { groupRoutes } from './groups/group-routes.ts';
import { operationRoutes } from './operations/operation-routes.ts';
import { presetRoutes } from './presets/preset-routes.ts';
import { userRoutes } from './users/user-routes.ts';
import { visibilityRoutes } from './visibility-routes.ts';

export const adminRoutes: ApiRoute[] = [
  getAudit,
  getAuditVerification,
  getAdminEvents,
  ...adminDownloadRoutes,
  ...visibilityRoutes,
  ...groupRoutes,
  ...presetRoutes,
  ...userRoutes,
  ...operationRoutes,
];
