/** What went wrong, by the error's code; a code that is not here shows what the server says. */
export const problems = {
  title: 'That did not work',
  connection: 'The server cannot be reached. Try again in a moment.',
  unexpected: 'Something went wrong here. Reload the page.',
  waitSeconds: (duration: string) => `Try again in ${duration}.`,
  codes: {
    'auth.required': 'You are not signed in.',
    'auth.forbidden': 'You may not do that.',
    'resource.not_found': 'It is gone, or not yours.',
    'resource.conflict': 'Somebody changed it in the meantime. Look at it again.',
    'rate.limited': 'Too many requests at once.',
    'service.unavailable': 'The service is not available at the moment.',
    'storage.full': 'The storage is full. Tell your administrator.',
    'download.state_conflict': 'The download has moved on in the meantime.',
    'download.quarantined':
      'Preparing this download has stopped one worker after the other. An administrator has to look at it and release it.',
    internal: 'The server failed. Tell your administrator the number below.',
  },
};
