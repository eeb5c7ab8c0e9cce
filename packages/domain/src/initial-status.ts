import type { AssetStatus } from './asset.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Rule 9: the status of a newly added asset. */
export function initialStatus(visibility: Pick<VisibilityConfiguration, 'autoApproval'>): AssetStatus {
  return visibility.autoApproval ? 'approved' : 'draft';
}
