export const visibility = {
  title: 'Visibility',
};
