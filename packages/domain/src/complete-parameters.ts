import type { ImageParameters } from './image-parameters.ts';

/** What an administrator leaves out: a JPEG in sRGB, cut around the point of interest, never larger than the picture. */
const defaults: ImageParameters = {
  width: null,
  height: null,
  fit: 'cover',
  position: 'attention',
  enlarge: false,
  format: 'jpeg',
  quality: null,
  colourSpace: 'srgb',
  background: null,
  sharpen: false,
};

/**
 * Parameters with a value for everything, always in the same order of fields, so that equal ones have equal JSON.
 * Colours are in lower case.
 */
export function completeParameters(
  partial: { [Field in keyof ImageParameters]?: ImageParameters[Field] | undefined },
): ImageParameters {
  const parameters = { ...defaults };
  const take = <Field extends keyof ImageParameters>(field: Field) => {
    const value = partial[field];
    if (value !== undefined) parameters[field] = value as ImageParameters[Field];
  };
  for (const field of Object.keys(defaults) as (keyof ImageParameters)[]) take(field);
  return { ...parameters, background: parameters.background?.toLowerCase() ?? null };
}
