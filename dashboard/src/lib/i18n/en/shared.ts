export const shared = {
  title: 'Shared with me',
  soon: 'This screen is being built',
  soonHint: 'What others send you reaches you by email with a link.',
};
