/** What can be done to one licence. */
export type LicenceAction = 'versions' | 'edit' | 'terms' | 'approve' | 'withdraw';
