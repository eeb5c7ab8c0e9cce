/** A stored ZIP taken apart, for tests that put it together in another way. */
export interface ZipPieces {
  /** What lies before the first file. */
  start: Buffer;
  /** Local header and content of each, in the order of the archive. */
  files: Buffer[];
  /** Entries of the directory, and which of the files each one is about. */
  records: { bytes: Buffer; file: number }[];
  comment: Buffer;
}

const endSize = 22;
const recordSize = 46;

/** Of a ZIP without comment whose directory lists its files in their order, and which needs no ZIP64. */
export function takeApart(zip: Buffer): ZipPieces {
  const end = zip.length - endSize;
  const directory = zip.readUInt32LE(end + 16);
  const offsets: number[] = [];
  const records: ZipPieces['records'] = [];
  for (let at = directory; at < end; ) {
    const size = recordSize + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30);
    offsets.push(zip.readUInt32LE(at + 42));
    records.push({ bytes: Buffer.from(zip.subarray(at, at + size)), file: records.length });
    at += size;
  }
  const files = offsets.map((offset, index) => Buffer.from(zip.subarray(offset, offsets[index + 1] ?? directory)));
  return { start: Buffer.alloc(0), files, records, comment: Buffer.alloc(0) };
}

/** A ZIP of these pieces whose offsets, counts and sizes are right. */
export function putTogether({ start, files, records, comment }: ZipPieces): Buffer {
  const offsets = [start.length];
  for (const file of files) offsets.push(offsets.at(-1)! + file.length);
  const directory = Buffer.concat(
    records.map(({ bytes, file }) => {
      const record = Buffer.from(bytes);
      record.writeUInt32LE(offsets[file]!, 42);
      return record;
    }),
  );
  const end = Buffer.alloc(endSize);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(records.length, 8);
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offsets.at(-1)!, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([start, ...files, directory, end, comment]);
}
