import type { ApiRoute } from '../../api-deps.ts';
import { deliverPart } from './deliver-part.ts';

/** Registered at the root: `/d/:token`. */
export const deliverRoutes: ApiRoute[] = [deliverPart];
