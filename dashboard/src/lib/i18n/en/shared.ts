export const shared = {
  title: 'Shared with me',
  empty: 'Nothing was shared with you yet.',
  emptyHint: 'When somebody has a download sent to your email address, it appears here with its link.',
  from: 'From',
  sharedAt: 'shared',
  states: {
    ready: 'Ready',
    preparing: 'Being made anew',
    expired: 'Expired',
    revoked: 'Link revoked',
    unavailable: 'Not available',
  },
  hints: {
    preparing: 'Its link will be sent to you again.',
    expired: 'It can no longer be fetched. Ask the sender to ask for it again.',
    revoked: 'The link that you were sent works no longer.',
    unavailable: 'Making it anew has not succeeded. Ask the sender.',
  },
};
