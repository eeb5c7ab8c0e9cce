/** How much each pixel of a small picture draws the eye; row by row, 0 for background. */
export interface SaliencyMap {
  values: Float64Array;
  width: number;
  height: number;
}

export interface RawRgb {
  /** Three bytes a pixel, row by row. */
  data: Uint8Array;
  width: number;
  height: number;
}

/** Pixels of the border that stand for the background. */
const borderSamples = 64;
/** This share of the border is background that a pixel may look like; the rest may be the subject, reaching the edge. */
const backgroundShare = 0.25;
const distanceBuckets = 64;
/** So that an edge counts even where its colours are those of the border. */
const leastDistance = 8;
/** Width of the bell that prefers the middle, as a share of the side; at the edge's middle a pixel still counts 60 %. */
const middleSpread = 0.5;

/**
 * Detail that does not look like the border: the strength of the edges at each pixel times how far its colour is from the
 * border's, less what half of the picture has, with a slight preference for the middle. On the sample photographs this
 * keeps the subject where edges, colours or libvips' attention alone do not.
 */
export function saliencyMap(picture: RawRgb): SaliencyMap {
  const { width, height } = picture;
  const colours = opponentColours(picture);
  const border = borderIndices(width, height);
  const values = new Float64Array(width * height);
  for (let i = 0; i < values.length; i++) {
    values[i] = edgeStrength(colours, width, height, i) * (leastDistance + borderDistance(colours, border, i));
  }
  const baseline = values.toSorted()[values.length >> 1]!;
  for (let i = 0; i < values.length; i++) {
    const x = ((i % width) + 0.5) / width - 0.5;
    const y = (Math.floor(i / width) + 0.5) / height - 0.5;
    const middle = Math.exp(-(x * x + y * y) / (2 * middleSpread * middleSpread));
    values[i] = Math.max(0, values[i]! - baseline) * middle;
  }
  return { values, width, height };
}

/** Lightness, red against green, yellow against blue: three values a pixel. */
function opponentColours({ data, width, height }: RawRgb): Float64Array {
  const colours = new Float64Array(width * height * 3);
  for (let i = 0; i < colours.length; i += 3) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    colours[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    colours[i + 1] = r - g;
    colours[i + 2] = (r + g) / 2 - b;
  }
  return colours;
}

function borderIndices(width: number, height: number): number[] {
  const all: number[] = [];
  for (let x = 0; x < width; x++) all.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) all.push(y * width, y * width + width - 1);
  const step = Math.max(1, all.length / borderSamples);
  return Array.from({ length: Math.min(all.length, borderSamples) }, (_, i) => all[Math.floor(i * step)]!);
}

function edgeStrength(colours: Float64Array, width: number, height: number, i: number): number {
  const x = i % width;
  const left = x > 0 ? i - 1 : i;
  const right = x < width - 1 ? i + 1 : i;
  const up = i >= width ? i - width : i;
  const down = i < width * (height - 1) ? i + width : i;
  let strength = 0;
  for (let c = 0; c < 3; c++) {
    strength += Math.abs(colours[right * 3 + c]! - colours[left * 3 + c]!);
    strength += Math.abs(colours[down * 3 + c]! - colours[up * 3 + c]!);
  }
  return strength;
}

/** How far the colour is from the nearest quarter of the border's; counted in steps, because sorting costs ten times. */
function borderDistance(colours: Float64Array, border: readonly number[], i: number): number {
  const counts = new Uint8Array(distanceBuckets);
  const [lightness, red, yellow] = [colours[i * 3]!, colours[i * 3 + 1]!, colours[i * 3 + 2]!];
  for (const j of border) {
    const l = lightness - colours[j * 3]!;
    const r = red - colours[j * 3 + 1]!;
    const y = yellow - colours[j * 3 + 2]!;
    // Not Math.hypot: it takes ten times as long.
    const distance = Math.sqrt(l * l + r * r + y * y);
    const bucket = Math.min(distanceBuckets - 1, Math.floor((distance * distanceBuckets) / 256));
    counts[bucket] = counts[bucket]! + 1;
  }
  let seen = 0;
  let bucket = 0;
  while (bucket < distanceBuckets - 1) {
    seen += counts[bucket]!;
    if (seen > border.length * backgroundShare) break;
    bucket++;
  }
  return (bucket * 256) / distanceBuckets;
}
