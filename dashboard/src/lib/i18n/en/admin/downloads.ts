export const downloads = {
  title: 'Downloads',
};
