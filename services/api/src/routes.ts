import type { ApiRoute } from './api-deps.ts';
import { adminRoutes } from './routes/admin/admin-routes.ts';
import { assetRoutes } from './routes/assets/asset-routes.ts';
import { deliverRoutes } from './routes/deliver/deliver-routes.ts';
import { downloadRoutes } from './routes/downloads/download-routes.ts';
import { getSigningKeys } from './routes/evidence/get-signing-keys.ts';
import { licenceRoutes } from './routes/licences/licence-routes.ts';
import { meRoutes } from './routes/me/me-routes.ts';
import { getSignInMethods } from './routes/sign-in-methods/get-sign-in-methods.ts';
import { webhookRoutes } from './routes/webhooks/webhook-routes.ts';

/** Under `/api/v1`, with the caller resolved. */
export const apiRoutes: ApiRoute[] = [
  getSignInMethods,
  ...assetRoutes,
  ...licenceRoutes,
  ...downloadRoutes,
  ...meRoutes,
  ...webhookRoutes,
  ...adminRoutes,
];

/** At the root, for whoever holds a link. */
export const publicRoutes: ApiRoute[] = [...deliverRoutes, getSigningKeys];
