/** Why an asset, or some of its files, is left out of a download. */
export const reasons = {
  'asset.not_found': 'Not there, or not visible to you',
  'asset.not_approved': 'Not approved',
  'asset.expired': 'Expired',
  'licence.not_accepted': 'Licence not accepted',
  'licence.not_approved': 'Licence not approved, so it cannot be accepted',
  'licence.changed': 'The licence has changed since it was accepted',
  'licence.removed': 'You left its licence out',
  'visibility.originals_off': 'Originals are switched off',
  'visibility.renditions_off': 'Renditions are switched off',
  'visibility.rule_denied': 'A rule of a group does not allow it',
  'rendition.none_available': 'No such rendition',
  'rendition.not_entitled': 'Needs an entitlement that you do not have',
  'rendition.not_approved': 'Its preset is not approved',
  'rendition.failed': 'Its rendition could not be made',
  'blob.missing': 'Its file is missing',
  'blob.corrupt': 'Its file is damaged',
};
