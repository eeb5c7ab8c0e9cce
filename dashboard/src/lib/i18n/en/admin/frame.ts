/** What stands around the administrators' screens. */
export const frame = {
  title: 'Administration',
  configuration: 'Configuration',
  readOnly: 'You may look at everything here and change nothing.',
};
