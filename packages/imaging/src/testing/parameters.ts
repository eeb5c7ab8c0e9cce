import type { ImageParameters } from '@sheaf/domain/image-parameters';

/** A JPEG that fits within 400 by 300, but for what is given. */
export const parameters = (given: Partial<ImageParameters> = {}): ImageParameters => ({
  width: 400,
  height: 300,
  fit: 'inside',
  position: 'centre',
  enlarge: false,
  format: 'jpeg',
  quality: null,
  colourSpace: 'srgb',
  background: null,
  sharpen: false,
  ...given,
});
