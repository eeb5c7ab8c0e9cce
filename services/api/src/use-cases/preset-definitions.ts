import type { CropSizeJson, ImageParametersJson, OutputParametersJson } from '@sheaf/contract/preset';
import type { PresetRecord } from '@sheaf/db/presets/preset-record';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import { imageParametersProblems } from '@sheaf/domain/parameters-problems';
import { invalidInput } from '../schema-validator.ts';

type Definitions = PresetRecord['definitions'];
type Stored = Pick<PresetRecord, 'name' | 'definitions'>;

/** The one rendition of an image preset. Throws `input.invalid` for parameters that do not go together. */
export function presetDefinitions(preset: {
  name: string;
  title: string;
  parameters: ImageParametersJson;
}): Definitions {
  const { name, title } = preset;
  return [{ name, title, parameters: checkedParameters(preset.parameters) }];
}

/**
 * The parameters as they are rendered: complete. Throws `input.invalid` where they do not go together, with the paths
 * of the fields that `pathOf` gives, below `/parameters` when absent.
 */
export function checkedParameters(
  given: ImageParametersJson,
  pathOf = (path: string) => `/parameters${path}`,
): ImageParameters {
  const parameters = completeParameters(given);
  const problems = imageParametersProblems(parameters);
  if (problems.length > 0) throw invalidInput(problems.map(({ path, message }) => ({ path: pathOf(path), message })));
  return parameters;
}

export interface CropProfile {
  name: string;
  sizes: CropSizeJson[];
  parameters: OutputParametersJson;
}

const sizePaths = { '/width': true, '/height': true };

/** One rendition for each size, cut around the point of interest. Throws `input.invalid`. */
export function profileDefinitions({ name, sizes, parameters }: CropProfile): Definitions {
  const repeated = sizes.findIndex((size, i) => sizes.findIndex((other) => other.name === size.name) < i);
  if (repeated >= 0) throw invalidInput([{ path: `/sizes/${repeated}/name`, message: 'is the name of another size' }]);
  return sizes.map((size, i) => {
    const { width, height } = size;
    const crop = { ...parameters, width, height, fit: 'cover' as const, position: 'attention' as const };
    const pathOf = (path: string) => (path in sizePaths ? `/sizes/${i}${path}` : `/parameters${path}`);
    return {
      name: `${name}-${size.name}`,
      title: size.title ?? size.name,
      parameters: checkedParameters(crop, pathOf),
    };
  });
}

export function presetParameters({ definitions }: Stored): ImageParameters {
  return definitions[0]!.parameters;
}

/** The named sizes of a smart-crop profile. */
export function cropSizes({ name, definitions }: Stored): Required<CropSizeJson>[] {
  return definitions.map(({ name: full, title, parameters: { width, height } }) => ({
    name: full.slice(name.length + 1),
    title,
    width: width ?? 0,
    height: height ?? 0,
  }));
}

/** What all sizes of a profile have in common. */
export function outputParameters(preset: Stored): Required<OutputParametersJson> {
  const { enlarge, format, quality, colourSpace, background, sharpen } = presetParameters(preset);
  return { enlarge, format, quality, colourSpace, background, sharpen };
}
