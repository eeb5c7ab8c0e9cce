export const licences = {
  title: 'Licences',
};
