import type { ArchiveEntry, BlobEntry } from '@sheaf/archive/archive-entry';
import type { Executor } from '@sheaf/db/database';
import type { BundleLicence } from '@sheaf/db/downloads/list-bundle-licences';
import { type DownloadItem, listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import type { StoredEntry } from '@sheaf/db/schema/downloads';
import { ArchiveFolder } from '@sheaf/domain/archive-folder';

/** Rows held in memory at a time. */
const pageSize = 500;

/** A download's items in the order of the request, however many. */
export async function* readItemPages(executor: Executor, downloadId: string): AsyncGenerator<DownloadItem[]> {
  let after: number | undefined;
  while (true) {
    const page = await listDownloadItems(executor, { downloadId, after, limit: pageSize });
    yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.position;
  }
}

/** A file of a download as an archive's entry; null where it is still to be rendered. */
export function contentEntry({ path, sha256, size, crc32, modifiedAt }: StoredEntry): BlobEntry | null {
  if (sha256 === null || size === null || crc32 === null) return null;
  return { path, modifiedAt: new Date(modifiedAt), blob: { sha256, size, crc32 } };
}

/** The terms that were accepted, under the titles of their licences. */
export function licenceEntries(licences: readonly BundleLicence[], modifiedAt: Date): ArchiveEntry[] {
  const folder = ArchiveFolder.root();
  return licences.map(({ title, document }) => {
    const { sha256, size, crc32 } = document;
    return { path: `licences/${folder.addFile(`${title}.pdf`)}`, modifiedAt, blob: { sha256, size, crc32 } };
  });
}
