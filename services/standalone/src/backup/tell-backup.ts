import { formatBytes } from '../format-bytes.ts';
import type { WrittenBackup } from './write-backup.ts';

/** What is said of a backup, and what of it needs somebody's eyes. */
export function tellBackup({ manifest, added }: WrittenBackup): { told: string[]; missing: string[] } {
  const { blobs, objects, tables, blobsNotThere, objectsNotThere } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const told = [
    `Backed up as of ${manifest.createdAt}: ${rows} rows, ${blobs.files} files (${formatBytes(blobs.bytes)}),`,
    `${objects.files} of ready archives. New in the backup: ${added.files} files (${formatBytes(added.bytes)}).`,
  ];
  if (!manifest.secretKeyIncluded) {
    told.push('The secret key is not in it: keep it elsewhere, for without it sealed secrets are lost.');
  }
  const missing: string[] = [];
  if (blobsNotThere > 0) missing.push(`${blobsNotThere} files are missing or damaged and not in the backup.`);
  if (objectsNotThere > 0) {
    missing.push(
      `${objectsNotThere} files of ready archives are not there, or not with their size, and not in the backup: ` +
        'their downloads have ended meanwhile, or sheaf doctor tells of them.',
    );
  }
  return { told, missing };
}
