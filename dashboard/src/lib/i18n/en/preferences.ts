export const preferences = {
  title: 'Preferences',
};
