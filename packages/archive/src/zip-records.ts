import { dosTime, unixSeconds } from './zip-times.ts';

/** What the headers of a stored file say. */
export interface ZipFile {
  /** Safe: see `isSafePath`. */
  path: string;
  modifiedAt: Date;
  /** Bytes. */
  size: number;
  /** Unsigned 32 bits. */
  crc32: number;
}

/** The values that say "see the ZIP64 record", and so cannot be said themselves. */
const max16 = 0xffff;
const max32 = 0xffffffff;

const versionPlain = 10;
const versionZip64 = 45;
/** Unix, because the attributes are; 6.3 is the version of the specification that defines the UTF-8 flag. */
const versionMadeBy = (3 << 8) | 63;
const utf8Flag = 1 << 11;
/** A regular file that its owner may write and everybody may read: 0100644. */
const externalAttributes = (0o100644 << 16) >>> 0;

const zip64ExtraId = 0x0001;
const timestampExtraId = 0x5455;
const timestampExtraSize = 9;
const modificationTimePresent = 1;

const localHeaderBase = 30;
const directoryRecordBase = 46;
const endRecordSize = 22;
const zip64EndRecordSize = 56;
const zip64LocatorSize = 20;

/** Both sizes, always: a local header may not say one of them alone. */
function localZip64Size(file: ZipFile): number {
  return file.size >= max32 ? 20 : 0;
}

/** Only what the record itself cannot say. */
function directoryZip64Size(file: ZipFile, offset: number): number {
  const values = (file.size >= max32 ? 2 : 0) + (offset >= max32 ? 1 : 0);
  return values === 0 ? 0 : 4 + 8 * values;
}

function timestampSize(file: ZipFile): number {
  return unixSeconds(file.modifiedAt) === null ? 0 : timestampExtraSize;
}

/** Bytes of the local header. */
export function localHeaderSize(file: ZipFile): number {
  return localHeaderBase + Buffer.byteLength(file.path) + localZip64Size(file) + timestampSize(file);
}

/** Bytes of the record in the central directory of a file whose local header is at `offset`. */
export function directoryRecordSize(file: ZipFile, offset: number): number {
  return directoryRecordBase + Buffer.byteLength(file.path) + directoryZip64Size(file, offset) + timestampSize(file);
}

/** With sizes and CRC-32, so that no data descriptor follows the content. */
export function localHeader(file: ZipFile): Buffer {
  const header = Buffer.allocUnsafe(localHeaderSize(file));
  const zip64Size = localZip64Size(file);
  header.writeUInt32LE(0x04034b50, 0);
  const nameLength = header.write(file.path, localHeaderBase);
  let at = writeCommonFields(header, 4, file, { nameLength, zip64: zip64Size > 0 });
  header.writeUInt16LE(zip64Size + timestampSize(file), at);
  at = localHeaderBase + nameLength;
  if (zip64Size > 0) {
    at = header.writeUInt16LE(zip64ExtraId, at);
    at = header.writeUInt16LE(zip64Size - 4, at);
    at = writeUInt64(header, file.size, at);
    at = writeUInt64(header, file.size, at);
  }
  writeTimestamp(header, file, at);
  return header;
}

/** Writes a file's record in the central directory and returns where the next one begins. */
export function writeDirectoryRecord(target: Buffer, start: number, file: ZipFile, offset: number): number {
  const zip64Size = directoryZip64Size(file, offset);
  const nameLength = target.write(file.path, start + directoryRecordBase);
  let at = target.writeUInt32LE(0x02014b50, start);
  at = target.writeUInt16LE(versionMadeBy, at);
  at = writeCommonFields(target, at, file, { nameLength, zip64: zip64Size > 0 });
  at = target.writeUInt16LE(zip64Size + timestampSize(file), at);
  at = target.writeUInt16LE(0, at); // comment
  at = target.writeUInt16LE(0, at); // disk
  at = target.writeUInt16LE(0, at); // internal attributes: nothing is said of being text
  at = target.writeUInt32LE(externalAttributes, at);
  at = target.writeUInt32LE(Math.min(offset, max32), at);
  at += nameLength;
  if (zip64Size > 0) {
    at = target.writeUInt16LE(zip64ExtraId, at);
    at = target.writeUInt16LE(zip64Size - 4, at);
    if (file.size >= max32) {
      at = writeUInt64(target, file.size, at);
      at = writeUInt64(target, file.size, at);
    }
    if (offset >= max32) at = writeUInt64(target, offset, at);
  }
  return writeTimestamp(target, file, at);
}

/** From the version needed to the length of the name: what both headers have, in the same order. */
function writeCommonFields(
  target: Buffer,
  start: number,
  file: ZipFile,
  { nameLength, zip64 }: { nameLength: number; zip64: boolean },
): number {
  const size = Math.min(file.size, max32);
  let at = target.writeUInt16LE(zip64 ? versionZip64 : versionPlain, start);
  // A UTF-8 text has as many bytes as UTF-16 units exactly where all of it is ASCII.
  at = target.writeUInt16LE(nameLength === file.path.length ? 0 : utf8Flag, at);
  at = target.writeUInt16LE(0, at); // method: stored
  at = target.writeUInt32LE(dosTime(file.modifiedAt), at);
  at = target.writeUInt32LE(file.crc32, at);
  at = target.writeUInt32LE(size, at);
  at = target.writeUInt32LE(size, at);
  return target.writeUInt16LE(nameLength, at);
}

function writeTimestamp(target: Buffer, file: ZipFile, start: number): number {
  const unix = unixSeconds(file.modifiedAt);
  if (unix === null) return start;
  let at = target.writeUInt16LE(timestampExtraId, start);
  at = target.writeUInt16LE(timestampExtraSize - 4, at);
  at = target.writeUInt8(modificationTimePresent, at);
  return target.writeInt32LE(unix, at);
}

function writeUInt64(target: Buffer, value: number, at: number): number {
  target.writeUInt32LE(value % 2 ** 32, at);
  return target.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}

/** The central directory as the end of an archive describes it. */
export interface ZipDirectory {
  entries: number;
  /** Offset in the archive. */
  offset: number;
  /** Bytes. */
  size: number;
}

function needsZip64End({ entries, offset, size }: ZipDirectory): boolean {
  return entries >= max16 || offset >= max32 || size >= max32;
}

/** Bytes of what follows the central directory. */
export function endRecordsSize(directory: ZipDirectory): number {
  return needsZip64End(directory) ? zip64EndRecordSize + zip64LocatorSize + endRecordSize : endRecordSize;
}

/** What follows the central directory: the end record and, only where it cannot say everything, the ZIP64 ones before. */
export function endRecords(directory: ZipDirectory): Buffer {
  const { entries, offset, size } = directory;
  const records = Buffer.alloc(endRecordsSize(directory));
  let at = 0;
  if (needsZip64End(directory)) {
    at = records.writeUInt32LE(0x06064b50, at);
    at = writeUInt64(records, zip64EndRecordSize - 12, at);
    at = records.writeUInt16LE(versionMadeBy, at);
    at = records.writeUInt16LE(versionZip64, at);
    at += 8; // this disk, and the directory's: 0
    at = writeUInt64(records, entries, at);
    at = writeUInt64(records, entries, at);
    at = writeUInt64(records, size, at);
    at = writeUInt64(records, offset, at);
    at = records.writeUInt32LE(0x07064b50, at);
    at += 4; // the disk of the record above: 0
    at = writeUInt64(records, offset + size, at);
    at = records.writeUInt32LE(1, at); // disks
  }
  at = records.writeUInt32LE(0x06054b50, at);
  at += 4; // this disk, and the directory's: 0
  at = records.writeUInt16LE(Math.min(entries, max16), at);
  at = records.writeUInt16LE(Math.min(entries, max16), at);
  at = records.writeUInt32LE(Math.min(size, max32), at);
  records.writeUInt32LE(Math.min(offset, max32), at);
  return records;
}
