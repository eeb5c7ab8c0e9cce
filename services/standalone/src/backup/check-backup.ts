import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import { hashFile, sizeOf } from './hashed-file.ts';
import { readLines } from './lines.ts';
import { type BlobLine, blobPath, type Manifest, parseBlobLine, parseObjectLine } from './manifest.ts';
import { severalAtOnce } from './several-at-once.ts';

/** A file of the backup, and where it belongs in a storage. */
export interface BackedUpFile extends BlobLine {
  /** Absolute. */
  from: string;
  /** Relative to the storage's folder. */
  to: string;
}

/** Every file that the backup's lists name, in their order. Throws `input.invalid` for a line that names none. */
export async function* backedUpFiles(
  folder: string,
  { snapshot, blobs, objects }: Manifest,
): AsyncGenerator<BackedUpFile> {
  for await (const line of readLines(path.join(folder, snapshot, blobs.file))) {
    const blob = parseBlobLine(line);
    if (blob === null) throw badLine(blobs.file);
    const to = path.join('blobs', blobPath(blob.sha256));
    yield { ...blob, to, from: path.join(folder, to) };
  }
  for await (const line of readLines(path.join(folder, snapshot, objects.file))) {
    const object = parseObjectLine(line);
    if (object === null) throw badLine(objects.file);
    const to = path.join('objects', ...object.key.split('/'));
    yield { ...object, to, from: path.join(folder, to) };
  }
}

/**
 * Reads all of a backup and compares it with its manifest. Returns which files are missing or damaged, by their place in a
 * storage; what there is no restoring without (tables, lists that do not add up) throws `blob.missing`, `blob.corrupt` or
 * `input.invalid`.
 */
export async function checkBackup(folder: string, manifest: Manifest): Promise<Map<string, AppError>> {
  const { snapshot, tables, blobs, objects } = manifest;
  for (const { file, size, sha256 } of [...tables, blobs, objects]) {
    const fault = await faultOf(path.join(folder, snapshot, file), { size, sha256 });
    if (fault !== null) throw fault;
  }
  const faulty = new Map<string, AppError>();
  const counted = { blobs: { files: 0, bytes: 0 }, objects: { files: 0, bytes: 0 } };
  const checked = severalAtOnce(backedUpFiles(folder, manifest), async (file) => ({
    ...file,
    fault: await faultOf(file.from, file),
  }));
  for await (const { to, size, fault } of checked) {
    if (fault !== null) faulty.set(to, fault);
    const sum = to.startsWith('blobs') ? counted.blobs : counted.objects;
    sum.files += 1;
    sum.bytes += size;
  }
  for (const name of ['blobs', 'objects'] as const) {
    const { files, bytes } = manifest[name];
    if (counted[name].files !== files || counted[name].bytes !== bytes) {
      throw new AppError(
        'input.invalid',
        `The backup lists ${counted[name].files} ${name}, and its manifest ${files}.`,
      );
    }
  }
  return faulty;
}

async function faultOf(file: string, expected: { size: number; sha256: string }): Promise<AppError | null> {
  const detail = { file };
  const size = await sizeOf(file);
  if (size === null) return new AppError('blob.missing', `The backup lacks a file: ${file}`, { detail });
  const found = size === expected.size ? await hashFile(file) : null;
  if (found?.sha256 === expected.sha256) return null;
  return new AppError('blob.corrupt', `A file of the backup is damaged: ${file}`, { detail });
}

function badLine(file: string): AppError {
  return new AppError('input.invalid', `The backup's list ${file} has a line that names no file.`);
}
