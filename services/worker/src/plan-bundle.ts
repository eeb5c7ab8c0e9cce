import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { listBundleLicences } from '@sheaf/db/downloads/list-bundle-licences';
import type { DownloadItem } from '@sheaf/db/downloads/list-download-items';
import { AppError } from '@sheaf/domain/app-error';
import { licenceEntries, readItems } from './bundle-entries.ts';
import { manifestJson } from './manifest.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** What the frozen items of a download come to. */
export interface BundlePlan {
  /** By number, without gaps. Content only: neither manifest nor licences. */
  parts: { number: number; entries: number; bytes: number }[];
  /** Goes into each part after its content. */
  ownEntries: ArchiveEntry[];
}

export async function planBundle({ db }: Pick<WorkerDeps, 'db'>, downloadId: string): Promise<BundlePlan> {
  const download = await findDownload(db.orm, { downloadId, requesterId: null });
  if (download === null) throw new AppError('resource.not_found', 'There is no such download.');
  const { name, requester, createdAt } = download;
  const parts: BundlePlan['parts'] = [];

  async function* countedItems(): AsyncGenerator<DownloadItem> {
    for await (const item of readItems(db.orm, downloadId)) {
      countItem(parts, item);
      yield item;
    }
  }

  const requestedBy = { name: requester.name, email: requester.email };
  const manifest = await manifestJson({ downloadId, name, requestedBy, createdAt }, countedItems());
  const licences = await listBundleLicences(db.orm, downloadId);
  return {
    parts: parts.sort((a, b) => a.number - b.number),
    ownEntries: [
      { path: 'manifest.json', modifiedAt: createdAt, bytes: manifest },
      ...licenceEntries(licences, createdAt),
    ],
  };
}

function countItem(parts: BundlePlan['parts'], { part: number, entries }: DownloadItem): void {
  if (number === null) return;
  let part = parts.find((known) => known.number === number);
  if (part === undefined) {
    part = { number, entries: 0, bytes: 0 };
    parts.push(part);
  }
  part.entries += entries.length;
  for (const { size } of entries) part.bytes += size ?? 0;
}
