/** A file in a ZIP as the writer of layout 1 describes it. */
export interface ZipRecord {
  path: string;
  modifiedAt: Date;
  /** Bytes of its content, and of what is in the archive for it. */
  size: number;
  compressedSize: number;
  crc32: number;
  deflated: boolean;
  /** Whether sizes and checksum follow the content, since they were not known before it. */
  described: boolean;
  /** Of its local header. */
  offset: number;
}

const most16 = 0xffff;
const most32 = 0xffffffff;
const zip64Version = 45;
const unix = 3;
const utf8Name = 1 << 11;
const describedLater = 1 << 3;
/** A regular file with mode 0644, and the archive bit of DOS. */
const attributes = ((0o100644 << 16) | 0x20) >>> 0;

/** What comes before a file's content. */
export function localHeader(record: ZipRecord): Buffer {
  const { described, crc32, compressedSize, size } = record;
  const sums = described ? [0, 0, 0] : [crc32, compressedSize, size];
  const name = Buffer.from(record.path);
  return Buffer.concat([
    long(0x04034b50),
    ...commonFields(record, versionNeeded(record)),
    ...sums.map(long),
    short(name.length),
    short(0),
    name,
  ]);
}

/** What comes after a file's content; nothing where its local header says all. */
export function dataDescriptor(record: ZipRecord): Buffer {
  if (!record.described) return Buffer.alloc(0);
  const width = isLarge(record) ? eight : long;
  return Buffer.concat([long(0x08074b50), long(record.crc32), width(record.compressedSize), width(record.size)]);
}

/** A file's entry in the directory. */
export function directoryEntry(record: ZipRecord): Buffer {
  const { size, compressedSize, offset } = record;
  const zip64 = isLarge(record) || offset > most32;
  const name = Buffer.from(record.path);
  const extra = zip64
    ? Buffer.concat([short(1), short(24), eight(size), eight(compressedSize), eight(offset)])
    : Buffer.alloc(0);
  return Buffer.concat([
    long(0x02014b50),
    short((unix << 8) | zip64Version),
    ...commonFields(record, zip64 ? zip64Version : versionNeeded(record)),
    long(record.crc32),
    ...(zip64 ? [most32, most32] : [compressedSize, size]).map(long),
    short(name.length),
    short(extra.length),
    // No comment, disk 0, no internal attributes.
    ...[0, 0, 0].map(short),
    long(attributes),
    long(zip64 ? most32 : offset),
    name,
    extra,
  ]);
}

/** What comes after the directory. */
export function directoryEnd({ entries, offset, size }: { entries: number; offset: number; size: number }): Buffer {
  const zip64 = entries > most16 || size > most32 || offset > most32;
  const large = [
    long(0x06064b50),
    eight(44),
    short(zip64Version),
    short(zip64Version),
    long(0),
    long(0),
    eight(entries),
    eight(entries),
    eight(size),
    eight(offset),
    long(0x07064b50),
    long(0),
    eight(offset + size),
    long(1),
  ];
  const count = short(zip64 ? most16 : entries);
  return Buffer.concat([
    ...(zip64 ? large : []),
    long(0x06054b50),
    short(0),
    short(0),
    count,
    count,
    long(zip64 ? most32 : size),
    long(zip64 ? most32 : offset),
    short(0),
  ]);
}

/** Flags, method and time, alike in both headers. */
function commonFields({ path, modifiedAt, deflated, described }: ZipRecord, version: number): Buffer[] {
  const flags = (described ? describedLater : 0) | (Buffer.byteLength(path) === path.length ? 0 : utf8Name);
  return [short(version), short(flags), short(deflated ? 8 : 0), long(dosTime(modifiedAt))];
}

function versionNeeded({ described }: ZipRecord): number {
  return described ? 20 : 10;
}

function isLarge({ size, compressedSize }: ZipRecord): boolean {
  return size > most32 || compressedSize > most32;
}

/** In UTC; what the format cannot tell is its first or last moment, as the writer does it. */
function dosTime(date: Date): number {
  const year = date.getUTCFullYear();
  if (year < 1980) return 0x0021_0000;
  if (year >= 2044) return 0x7f9f_bf7d;
  const day = ((year - 1980) << 25) | ((date.getUTCMonth() + 1) << 21) | (date.getUTCDate() << 16);
  return day | (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function eight(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
