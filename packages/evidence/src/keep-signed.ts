import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { PublicKeys } from './key-set.ts';
import type { OpenedArchive } from './open-archive.ts';
import { manifestFile, receiptFile, signatureFile } from './own-files.ts';
import { checkSignature, parseSignature } from './signature.ts';
import type { Stock } from './take-stock.ts';

/**
 * Reads the manifest and the receipt into `stock.own` where they are larger than what is kept of an archive that nobody
 * vouches for: only those that one of these keys signed, so that Sheaf itself made them as large as they are.
 */
export async function keepSigned(archive: OpenedArchive, stock: Stock, keys: PublicKeys): Promise<void> {
  const signature = parseSignature(stock.own.get(signatureFile) ?? Buffer.alloc(0));
  if (signature === null || checkSignature(signature, keys) !== 'genuine') return;
  const signed = new Map([
    [manifestFile, signature.manifestSha256],
    [receiptFile, signature.receiptSha256],
  ]);
  const wanted = new Set<number>();
  for (const { path, sha256, headerOffset } of stock.files) {
    if (!stock.own.has(path) && signed.get(path) === sha256) wanted.add(headerOffset);
  }
  if (wanted.size === 0) return;
  for await (const { path, headerOffset, content } of archive.files()) {
    if (wanted.has(headerOffset) && !stock.own.has(path)) {
      stock.own.set(path, await buffer(content));
    } else {
      content.resume();
      await finished(content);
    }
  }
}
