import { AppError } from '@sheaf/domain/app-error';
import { maxPixels, openPicture } from '@sheaf/imaging/open-picture';
import { claimedFormat, isUnspecific, type PictureFormat } from '@sheaf/imaging/picture-format';
import { incompletePicture, unreadableReason } from '@sheaf/imaging/unreadable-reason';
import { fileTypeFromBuffer } from 'file-type';
import mime from 'mime';
import { nameExtension } from './name-stem.ts';

/** Bytes from a file's start that tell its type, as far as they can. */
export const headBytes = 64 * 1024;

/** Most bytes of a picture that is decoded. A larger one is kept without renditions. */
export const maxPictureBytes = 512 * 1024 * 1024;

export interface FileToRecognise {
  fileName: string;
  size: number;
  /** Its first bytes: `headBytes`, or all that there are. */
  head: Uint8Array;
  /** All its bytes; called once at most, and only for a picture. */
  readAll(): Promise<Buffer>;
}

export interface RecognisedFile {
  mediaType: string;
  /** What renditions can be made from; null for everything else. Width and height as the picture is shown. */
  picture: { width: number; height: number; hasAlpha: boolean } | null;
}

/**
 * Tells a file's media type by its content, and by its extension where the content does not say.
 *
 * What is no picture, and a picture of a kind that is not rendered (HEIC, PSD, cameras' raw files), is taken as it is.
 * A file that promises a picture to render, by its extension or its first bytes, has to keep the promise: it is decoded
 * to the end, shrunk while it is read, and throws `upload.unreadable` where it is cut short, larger than `maxPixels` or
 * no picture at all. So nothing gets into the catalogue whose renditions are bound to fail.
 * Throws `upload.empty` for no bytes.
 */
export async function recogniseFile(file: FileToRecognise): Promise<RecognisedFile> {
  if (file.size === 0) throw new AppError('upload.empty', 'The file is empty.');
  const extension = nameExtension(file.fileName);
  const detected = await detectedMediaType(file.head);
  const claimed = claimedFormat(extension, detected);
  if (claimed !== null && file.size <= maxPictureBytes) {
    const picture = await readPicture(await file.readAll(), claimed);
    return { mediaType: pictureMediaType(claimed, detected), picture };
  }
  const byName = mime.getType(extension);
  const mediaType = detected === undefined || isUnspecific(detected) ? (byName ?? detected) : detected;
  return { mediaType: mediaType ?? 'application/octet-stream', picture: null };
}

/** The media type that a file's first bytes show; undefined where they show none. */
export async function detectedMediaType(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // A detector that ran past the head's end knows nothing; the extension has to do.
    return undefined;
  }
}

function pictureMediaType(format: PictureFormat, detected: string | undefined): string {
  if (format === 'svg') return 'image/svg+xml';
  return detected ?? `image/${format}`;
}

/** Side of the square that the whole picture is shrunk into: decoding 24 megapixels of JPEG so takes 30 ms, not 1 s. */
const checkSide = 32;

const notAsNamed = 'The file is named as a picture, but it cannot be read as one.';

async function readPicture(bytes: Buffer, format: PictureFormat): Promise<NonNullable<RecognisedFile['picture']>> {
  // libvips has one text of errors for all its threads, so that a picture which is read meanwhile may take this one's away.
  let unclear = notAsNamed;
  try {
    const metadata = await openPicture(bytes).metadata();
    if (metadata.format !== format) throw new Error(`It is no ${format.toUpperCase()} picture.`);
    const { width, height } = metadata.autoOrient;
    if (width * height > maxPixels) throw new Error('Input image exceeds pixel limit');
    unclear = incompletePicture;
    await openPicture(bytes).resize(checkSide, checkSide, { fit: 'inside' }).raw().toBuffer();
    return { width, height, hasAlpha: metadata.hasAlpha };
  } catch (cause) {
    throw new AppError('upload.unreadable', unreadableReason(cause, unclear).message, {
      detail: { reason: cause instanceof Error ? cause.message.trim() : String(cause) },
      cause,
    });
  }
}
