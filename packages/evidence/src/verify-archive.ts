import { checkSigned } from './check-signed.ts';
import { compareDeflatedLayout } from './compare-deflated-layout.ts';
import { compareFiles, expectedFiles, findDuplicates } from './compare-files.ts';
import { compareLayout } from './compare-layout.ts';
import { compareSegments } from './compare-segments.ts';
import type { Fault } from './fault.ts';
import { keepSigned } from './keep-signed.ts';
import type { PublicKeys } from './key-set.ts';
import { openArchive } from './open-archive.ts';
import { printableText } from './printable-text.ts';
import { engineLayout, type Receipt } from './receipt.ts';
import { takeStock } from './take-stock.ts';

/** How much of an archive's own bytes, beside its files' content, was held against what Sheaf writes. */
export type ProvedLayout =
  /** Every byte of the file. */
  | 'whole'
  /** Every byte of the tar in a tar.gz, but not how it was compressed. */
  | 'tar'
  /**
   * Every byte of a ZIP but the compressed content of its deflated files: other versions of a compressor write other
   * bytes. What comes out of them is proved, and that nothing lies beside them.
   */
  | 'headers';

export interface Verification {
  /** Whether everything holds: no fault. */
  genuine: boolean;
  faults: Fault[];
  /** Only of an archive that is genuine; null else. */
  layout: ProvedLayout | null;
  /** The key that signed, as the archive tells; to be believed only of one that is genuine. */
  kid: string | null;
  /** Null unless one of the keys signed it; to be believed only of an archive that is genuine. */
  receipt: Receipt | null;
  /** Files that were found. */
  files: number;
  /** Their content, in bytes. */
  contentSize: number;
}

/**
 * Checks an archive against the keys of the instance that is said to have made it. Reads it once or twice, and holds
 * neither its content nor more than a few hundred bytes for each of its files. Rejects only where the file cannot be read.
 */
export async function verifyArchive(file: string, keys: PublicKeys): Promise<Verification> {
  const archive = await openArchive(file);
  if (archive === null) {
    const message = 'It is neither a ZIP, nor a tar, nor a tar.gz archive.';
    return verdict([{ code: 'archive.unreadable', path: null, message }], {});
  }
  const stock = await takeStock(archive);
  await keepSigned(archive, stock, keys);
  const { manifest, receipt, signature, faults: signedFaults } = checkSigned(stock.own, stock.files, keys);
  const facts = {
    kid: signature?.kid ?? null,
    receipt,
    files: stock.files.length,
    contentSize: stock.files.reduce((sum, { size }) => sum + size, 0),
  };
  const faults = [...stock.faults, ...findDuplicates(stock.files), ...signedFaults];
  if (manifest === null || receipt === null) return verdict(faults, facts);

  const expected = expectedFiles(manifest, receipt);
  faults.push(...compareFiles(stock.files, [...expected.content, ...expected.closing]));
  if (receipt.archive.format !== archive.format) {
    const message = `It is a ${archive.format}, and was handed out as a ${receipt.archive.format}.`;
    faults.push({ code: 'layout.changed', path: null, message });
  }
  if (faults.length > 0) return verdict(faults, facts);

  const deflated = archive.format === 'zip' && receipt.archive.compression === 'deflate';
  const fault = await (receipt.archive.layout === engineLayout
    ? compareSegments(archive, expected, stock)
    : deflated
      ? compareDeflatedLayout(file, expected, stock)
      : compareLayout(archive, expected, stock));
  const proved = deflated ? 'headers' : archive.format === 'tar.gz' ? 'tar' : 'whole';
  return verdict(fault === null ? [] : [fault], facts, proved);
}

type Facts = Pick<Verification, 'kid' | 'receipt' | 'files' | 'contentSize'>;

function verdict(faults: Fault[], facts: Partial<Facts>, layout: ProvedLayout | null = null): Verification {
  const genuine = faults.length === 0;
  const nothing: Facts = { kid: null, receipt: null, files: 0, contentSize: 0 };
  const printable = faults.map((fault) => ({ ...fault, message: printableText(fault.message) }));
  return { genuine, faults: printable, layout: genuine ? layout : null, ...nothing, ...facts };
}
