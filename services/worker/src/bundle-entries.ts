import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import type { Executor } from '@sheaf/db/database';
import type { BundleLicence } from '@sheaf/db/downloads/list-bundle-licences';
import { type DownloadItem, listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import { AppError } from '@sheaf/domain/app-error';
import { ArchiveFolder } from '@sheaf/domain/archive-folder';

/** Rows held in memory at a time. */
const pageSize = 500;

/** A download's items in the order of the request, however many; only those of one part where it is given. */
export async function* readItemPages(
  executor: Executor,
  downloadId: string,
  part?: number,
): AsyncGenerator<DownloadItem[]> {
  let after: number | undefined;
  while (true) {
    const page = await listDownloadItems(executor, { downloadId, part, after, limit: pageSize });
    yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.position;
  }
}

export async function* readItems(executor: Executor, downloadId: string, part?: number): AsyncGenerator<DownloadItem> {
  for await (const page of readItemPages(executor, downloadId, part)) yield* page;
}

/** The frozen files of one part, in the order of the request. */
export async function* partEntries(executor: Executor, downloadId: string, part: number): AsyncGenerator<ArchiveEntry> {
  for await (const item of readItems(executor, downloadId, part)) {
    for (const { path, sha256, size, crc32, modifiedAt } of item.entries) {
      if (sha256 === null || size === null || crc32 === null) {
        throw new AppError('internal', 'A frozen entry has no file.', { detail: { path } });
      }
      yield { path, modifiedAt: new Date(modifiedAt), blob: { sha256, size, crc32 } };
    }
  }
}

/** The terms that were accepted, under the titles of their licences. */
export function licenceEntries(licences: readonly BundleLicence[], modifiedAt: Date): ArchiveEntry[] {
  const folder = ArchiveFolder.root();
  return licences.map(({ title, document }) => {
    const { sha256, size, crc32 } = document;
    return { path: `licences/${folder.addFile(`${title}.pdf`)}`, modifiedAt, blob: { sha256, size, crc32 } };
  });
}
