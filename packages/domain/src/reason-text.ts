import type { Reason } from './outcome.ts';

/**
 * Why something is left out, as a sentence for people: screens, emails and errors use the same one. The archive's
 * manifest holds the codes alone.
 */
export const reasonText: Record<Reason, string> = {
  'asset.not_found': 'The asset does not exist, or you may not see it.',
  'asset.not_approved': 'The asset has not been approved.',
  'asset.expired': 'The asset has expired.',
  'licence.not_accepted': 'The licence has not been accepted.',
  'licence.not_approved': 'The licence has not been approved or is no longer in force, so it cannot be accepted.',
  'licence.changed': 'The licence has changed since it was accepted and has to be accepted again.',
  'licence.removed': 'The licence was taken out of the request, and its assets with it.',
  'visibility.originals_off': 'Downloads of originals are switched off.',
  'visibility.renditions_off': 'Downloads of renditions are switched off.',
  'visibility.rule_denied': 'A rule for one of your groups keeps files of this kind back.',
  'rendition.none_available': 'The asset has no file of the kind asked for.',
  'rendition.not_entitled': 'Dynamic and smart-crop renditions need an entitlement that you do not have.',
  'rendition.not_approved': 'The image preset or smart-crop profile of this rendition is not approved.',
  'rendition.failed': 'A rendition could not be made.',
  'blob.missing': 'A stored file is missing.',
  'blob.corrupt': 'A stored file is damaged.',
};
