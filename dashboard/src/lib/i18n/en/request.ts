/** The dialog that asks for a download. */
export const request = {
  title: 'Download',
};
