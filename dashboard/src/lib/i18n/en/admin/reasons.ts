import { reasons as portalReasons } from '../reasons.ts';

/** As the portal says them to the requester, but of the requester. */
export const reasons = {
  ...portalReasons,
  'asset.not_found': 'Not there, or not visible to the requester',
  'licence.removed': 'The requester left its licence out',
  'rendition.not_entitled': 'Needs an entitlement that the requester does not have',
};
