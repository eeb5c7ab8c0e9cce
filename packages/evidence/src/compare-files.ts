import type { Fault } from './fault.ts';
import type { Manifest } from './manifest.ts';
import { manifestFile, receiptFile, signatureFile } from './own-files.ts';
import type { Receipt } from './receipt.ts';
import type { FoundFile } from './take-stock.ts';

/** A file that must be in an archive; of Sheaf's own, only the path is told here. */
export interface ExpectedFile {
  path: string;
  modifiedAt: Date;
  /** Null where it is not known beforehand. */
  size: number | null;
  sha256: string | null;
}

/** Every file of a part. */
export interface ExpectedFiles {
  /** In the order of the request: that of layout 1; layout 2 sorts them by path. */
  content: ExpectedFile[];
  /** Sheaf's own, which follow in this order. */
  closing: ExpectedFile[];
}

export function expectedFiles(manifest: Manifest, receipt: Receipt): ExpectedFiles {
  const ownAt = new Date(receipt.requestedAt);
  const own = (path: string): ExpectedFile => ({ path, modifiedAt: ownAt, size: null, sha256: null });
  const content = manifest.outcomes
    .filter(({ outcome, part }) => outcome === 'included' && part === receipt.part.number)
    .flatMap(({ entries }) =>
      entries.map(({ path, size, sha256, modifiedAt }) => ({ path, size, sha256, modifiedAt: new Date(modifiedAt) })),
    );
  const closing = [
    own(manifestFile),
    ...receipt.licences.map(({ file, sha256 }) => ({ ...own(file), sha256 })),
    own(receiptFile),
    own(signatureFile),
  ];
  return { content, closing };
}

/** Paths that are there more than once, which is wrong whoever made the archive. */
export function findDuplicates(found: readonly FoundFile[]): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { path } of found) {
    if (seen.has(path)) faults.push({ code: 'file.duplicate', path, message: `${path} is there more than once.` });
    seen.add(path);
  }
  return faults;
}

/** What is missing, what is there beyond, and what has another content; of files of one path, the first counts. */
export function compareFiles(found: readonly FoundFile[], expected: readonly ExpectedFile[]): Fault[] {
  const faults: Fault[] = [];
  const fault = (code: Fault['code'], path: string, message: string) => faults.push({ code, path, message });
  const rest = new Map<string, FoundFile>();
  for (const file of found) {
    if (!rest.has(file.path)) rest.set(file.path, file);
  }
  for (const { path, size, sha256 } of expected) {
    const file = rest.get(path);
    rest.delete(path);
    if (file === undefined) {
      // Its own message says so already.
      if (![manifestFile, receiptFile, signatureFile].includes(path))
        fault('file.missing', path, `${path} is missing.`);
    } else if (size !== null && file.size !== size) {
      fault('file.changed', path, `${path} has ${file.size} bytes instead of ${size}.`);
    } else if (sha256 !== null && file.sha256 !== sha256) {
      fault('file.changed', path, `${path} has another content than the one that was handed out.`);
    }
  }
  const known = new Set(faults.map(({ path }) => path));
  for (const { path, crc32, statedCrc32 } of found) {
    if (statedCrc32 === null || statedCrc32 === crc32 || known.has(path)) continue;
    known.add(path);
    fault('file.changed', path, `${path} has another checksum than the archive says.`);
  }
  for (const path of rest.keys()) fault('file.unexpected', path, `${path} does not belong to this archive.`);
  return faults;
}
