import type { ApiRoute } from '../../api-deps.ts';
import { getVisibility } from './get-visibility.ts';
import { getVisibilityVersion } from './get-visibility-version.ts';
import { getVisibilityVersions } from './get-visibility-versions.ts';
import { postVisibilityExplanation } from './post-visibility-explanation.ts';
import { postVisibilityRollback } from './post-visibility-rollback.ts';
import { postVisibilitySimulation } from './post-visibility-simulation.ts';
import { putVisibility } from './put-visibility.ts';

export const visibilityRoutes: ApiRoute[] = [
  getVisibility,
  putVisibility,
  getVisibilityVersions,
  getVisibilityVersion,
  postVisibilityRollback,
  postVisibilitySimulation,
  postVisibilityExplanation,
];
