import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** A rendered file: its blob must be recorded already; width and height in pixels. */
export interface RenderedFile {
  renditionId: string;
  sha256: string;
  width: number;
  height: number;
}

/** These renditions' files are there. A rendition that was ready before keeps the file that it has. */
export async function setRenditionsReady(executor: Executor, files: readonly RenderedFile[]): Promise<void> {
  if (files.length === 0) return;
  await executor.execute(sql`
    update renditions
    set state = 'ready', blob_sha256 = file.sha256, width = file.width, height = file.height, error = null,
      original_unreadable = false
    from jsonb_to_recordset(${JSON.stringify(files)}::jsonb)
      as file ("renditionId" uuid, sha256 text, width integer, height integer)
    where renditions.id = file."renditionId" and renditions.state <> 'ready'`);
}

/** `setRenditionsReady` for one. */
export async function setRenditionReady(
  executor: Executor,
  renditionId: string,
  file: Omit<RenderedFile, 'renditionId'>,
): Promise<void> {
  await setRenditionsReady(executor, [{ renditionId, ...file }]);
}
