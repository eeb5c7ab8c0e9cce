import { readFile } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import type { Metadata, Sharp } from 'sharp';
import { intoColourSpace } from './colour-space.ts';
import { decodeForCut } from './decode-for-cut.ts';
import { encodeAs, formatMediaType } from './encode-picture.ts';
import { maxPixels, openPicture } from './open-picture.ts';
import { coverScale, outputSize, type Size } from './output-size.ts';
import { renderedFormats } from './picture-format.ts';
import { renderFailure } from './render-failure.ts';
import { subjectWindow } from './subject-window.ts';
import { unreadableReason } from './unreadable-reason.ts';
import { vectorDensity } from './vector-density.ts';

export interface RenderTask {
  /** The original's bytes, or the file that has them. */
  source: { bytes: Uint8Array } | { path: string };
  mediaType: string;
  parameters: ImageParameters;
}

export interface RenderedPicture {
  bytes: Buffer;
  /** Pixels. */
  width: number;
  height: number;
  mediaType: string;
}

/**
 * Makes one rendition: the first frame or page, upright, converted, cut and encoded as the parameters say, with its ICC
 * profile and no other metadata. Equal input gives equal bytes. It runs in this process: what comes from outside is
 * rendered through `createRenderer`.
 *
 * Throws `render.failed` (see `RenderFailureCause`), and the signal's reason.
 */
export async function renderDerivative(task: RenderTask, signal?: AbortSignal): Promise<RenderedPicture> {
  signal?.throwIfAborted();
  try {
    const picture = await openSource(task);
    signal?.throwIfAborted();
    const { data, info } = await draw(picture, task.parameters, signal);
    return { bytes: data, width: info.width, height: info.height, mediaType: formatMediaType[task.parameters.format] };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) throw error;
    const { message, cause } = unreadableReason(error);
    throw renderFailure(cause, message, error);
  }
}

interface SourcePicture {
  open(): Sharp;
  metadata: Metadata;
  /** As the picture is shown. */
  size: Size;
  /** Whether it can be drawn at any size without loss. */
  isVector: boolean;
}

async function openSource({ source, mediaType, parameters }: RenderTask): Promise<SourcePicture> {
  const isVector = mediaType === 'image/svg+xml';
  const input = await readable(source, isVector);
  let density: number | undefined;
  let metadata = await openPicture(input).metadata();
  if (!renderedFormats.has(metadata.format)) throw new Error(`${metadata.format} is not rendered.`);
  // A drawing may refer to files beside it, so that it is never opened by its path.
  if ((metadata.format === 'svg') !== isVector) throw new Error(`It is no ${mediaType}.`);
  if (isVector) {
    density = vectorDensity(metadata.autoOrient, parameters);
    metadata = await openPicture(input, { density }).metadata();
  }
  const { width, height } = metadata.autoOrient;
  if (width * height > maxPixels) throw new Error('Input image exceeds pixel limit');
  return { open: () => openPicture(input, { density }), metadata, size: { width, height }, isVector };
}

async function readable(source: RenderTask['source'], isVector: boolean): Promise<Buffer | string> {
  if ('path' in source) return isVector ? await readFile(source.path) : source.path;
  const { buffer, byteOffset, byteLength } = source.bytes;
  return Buffer.from(buffer, byteOffset, byteLength);
}

function draw(picture: SourcePicture, wanted: ImageParameters, signal: AbortSignal | undefined) {
  const parameters = { ...wanted, enlarge: wanted.enlarge || picture.isVector };
  const size = outputSize(picture.size, parameters);
  const { fit, position, width, height } = parameters;
  if (fit === 'cover' && position === 'attention' && width !== null && height !== null) {
    return drawSubject(picture, parameters, size, signal);
  }
  const sized = flattened(picture.open(), parameters).resize({
    ...size,
    fit: fit === 'cover' || fit === 'contain' ? fit : 'fill',
    background: padding(parameters),
    withoutEnlargement: fit === 'contain' && !parameters.enlarge,
  });
  const coloured = intoColourSpace(sharpened(sized, parameters), picture.metadata, parameters.colourSpace);
  return encodeAs(coloured, parameters).toBuffer({ resolveWithObject: true });
}

/**
 * Cuts where the subject is. The original is decoded once, to an uncompressed picture as large as the whole of it has to
 * be: the subject is looked for in that, and cut out of it.
 */
async function drawSubject(
  { open, metadata, size: source }: SourcePicture,
  parameters: ImageParameters,
  target: Size,
  signal: AbortSignal | undefined,
) {
  // What is enlarged is cut before, so that no more is enlarged than is shown.
  const scale = Math.min(1, coverScale(source, target));
  const whole = {
    width: Math.max(1, Math.round(source.width * scale)),
    height: Math.max(1, Math.round(source.height * scale)),
  };
  const shrunken = sharpened(flattened(open(), parameters).resize({ ...whole, fit: 'fill' }), parameters);
  const uncompressed = await decodeForCut(shrunken, metadata, parameters.colourSpace);
  signal?.throwIfAborted();
  const window = await subjectWindow(uncompressed.open(), whole, target);
  signal?.throwIfAborted();
  const cutOut = uncompressed
    .finish(uncompressed.open())
    .extract(window)
    .resize({ ...target, fit: 'fill' });
  return encodeAs(cutOut, parameters).toBuffer({ resolveWithObject: true });
}

/** Puts what is transparent onto the background, where there is one or has to be. */
function flattened(pipeline: Sharp, parameters: ImageParameters): Sharp {
  const background = parameters.background ?? (isOpaque(parameters) ? white : null);
  return background === null ? pipeline : pipeline.flatten({ background });
}

const padding = (parameters: ImageParameters) =>
  parameters.background ?? (isOpaque(parameters) ? white : { r: 0, g: 0, b: 0, alpha: 0 });

const sharpened = (pipeline: Sharp, { sharpen }: ImageParameters): Sharp =>
  sharpen ? pipeline.sharpen({ sigma: 0.7 }) : pipeline;

const white = '#ffffff';

/** Whether the file has no transparency: JPEGs, also those inside a TIFF, and what is printed. */
const isOpaque = ({ format, quality, colourSpace }: ImageParameters): boolean =>
  format === 'jpeg' || colourSpace === 'cmyk' || (format === 'tiff' && quality !== null);
