import { type ImageFormat, type ImageParameters, maxOutputPixels, maxOutputSide } from './image-parameters.ts';
import type { InputProblem } from './input-problem.ts';

/** Sides that a format cannot write although others can. */
const formatSides: Partial<Record<ImageFormat, number>> = { webp: 16_383 };

/** What is wrong with parameters, as JSON pointers into them; none where a rendition can be made from a picture of any size. */
export function imageParametersProblems(parameters: ImageParameters): InputProblem[] {
  const { width, height, format, quality, colourSpace, background } = parameters;
  const problems: InputProblem[] = [];
  const add = (field: keyof ImageParameters, message: string) => problems.push({ path: `/${field}`, message });
  if (width === null && height === null) add('width', 'must be set, or the height');
  const maxSide = Math.min(maxOutputSide, formatSides[format] ?? maxOutputSide);
  for (const [field, side] of Object.entries({ width, height }) as ['width' | 'height', number | null][]) {
    if (side !== null && !isWithin(side, maxSide)) add(field, `must be a whole number from 1 to ${maxSide}`);
  }
  if (width !== null && height !== null && width * height > maxOutputPixels) {
    add('height', `must be so that width and height make ${maxOutputPixels} pixels at most`);
  }
  if (quality !== null && !isWithin(quality, 100)) add('quality', 'must be a whole number from 1 to 100');
  if (colourSpace === 'cmyk' && format !== 'jpeg' && format !== 'tiff') {
    add('colourSpace', 'must be another one: only JPEG and TIFF have CMYK');
  }
  if (background !== null && !/^#[0-9a-f]{6}$/i.test(background)) add('background', 'must be a colour as #rrggbb');
  return problems;
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
