import type { ArchiveFormat } from '@sheaf/domain/download-request';
import { fitName } from '@sheaf/domain/fit-name';
import { safeName } from '@sheaf/domain/safe-name';

/** File name extension and media type of each format. */
export const archiveFiles: Readonly<Record<ArchiveFormat, { extension: string; mediaType: string }>> = {
  zip: { extension: '.zip', mediaType: 'application/zip' },
  tar: { extension: '.tar', mediaType: 'application/x-tar' },
  'tar.gz': { extension: '.tar.gz', mediaType: 'application/gzip' },
};

/** Leaves room for the folder that it is saved to, also on Windows. */
const maxLength = 150;

/** What a part is saved as: `Spring campaign.zip`, `Spring campaign (part 1 of 3).zip`. Safe on every system. */
export function bundleFileName(
  downloadName: string,
  format: ArchiveFormat,
  part: { number: number; of: number },
): string {
  const { extension } = archiveFiles[format];
  const named = downloadName.toLowerCase().endsWith(extension)
    ? downloadName.slice(0, -extension.length)
    : downloadName;
  const ending = part.of > 1 ? ` (part ${part.number} of ${part.of})${extension}` : extension;
  return fitName(safeName(named, 'folder'), { units: maxLength, suffix: ending, extension: false });
}
