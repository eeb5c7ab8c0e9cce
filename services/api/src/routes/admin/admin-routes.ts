import type { ApiRoute } from '../../api-deps.ts';
import { getVisibility } from './get-visibility.ts';
import { putVisibility } from './put-visibility.ts';

export const adminRoutes: ApiRoute[] = [getVisibility, putVisibility];
