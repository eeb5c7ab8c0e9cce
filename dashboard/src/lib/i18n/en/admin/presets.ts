export const presets = {
  title: 'Presets',
};
