import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { BlobEntry } from '@sheaf/archive/archive-entry';
import yauzl from 'yauzl';

/** Reads all of an archive; rejects or returns what it has to complain of, an empty text for nothing. */
type ArchiveProgram = (file: string, expected: readonly BlobEntry[]) => Promise<string>;

const environment = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'Europe/Berlin' };

/** Everything that the program prints. Rejects with it where the program reports a failure. */
export async function output(command: string, ...parameters: string[]): Promise<string> {
  const options = { env: environment, maxBuffer: 512 * 1024 * 1024 };
  const { stdout, stderr } = await promisify(execFile)(command, parameters, options);
  return stdout + stderr;
}

const javaSource = join(import.meta.dirname, 'ReadZip.java');
const pythonSource = join(import.meta.dirname, 'read_zip.py');

function difference(found: unknown, expected: unknown): string {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return one === other ? '' : `found ${one.slice(0, 500)}, expected ${other.slice(0, 500)}`;
}

const inOrder = (entries: readonly BlobEntry[]) =>
  entries
    .map(({ path, blob }): [string, number] => [path, blob.size])
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Each verifies the content of every file, except zipinfo, which reads what the headers say. */
export const archivePrograms: Record<string, ArchiveProgram> = {
  unzip: (file) => output('unzip', '-tqq', file),

  // Its words for what it doubts; a path that held them would be found here too.
  zipinfo: (file) =>
    output(
      'bash',
      '-c',
      `zipinfo -v "$1" 2>&1 | grep -iE 'warning|caution|error|mismatch|unknown' || true`,
      'bash',
      file,
    ),

  async '7z'(file) {
    const said = await output('7z', 't', '-bd', '-bb0', file);
    const fine = said.includes('Everything is Ok') && !/warning|error/i.test(said);
    return fine ? '' : said;
  },

  bsdtar: (file) => output('bash', '-c', 'bsdtar -xOf "$1" >/dev/null', 'bash', file),

  async python(file, expected) {
    return difference(JSON.parse(await output('python3', pythonSource, file)), inOrder(expected));
  },

  async java(file, expected) {
    return difference((await output('java', javaSource, file)).trim(), `${expected.length} ${expected.length}`);
  },

  async jar(file, expected) {
    const listed = (await output('jar', '-J-Dstdout.encoding=UTF-8', 'tf', file)).trimEnd().split('\n');
    return difference(listed.length, expected.length);
  },

  async yauzl(file, expected) {
    const zip = await yauzl.openPromise(file, { strictFileNames: true });
    const found: [string, number][] = [];
    for await (const entry of zip.eachEntry()) {
      let crc = 0;
      for await (const chunk of await zip.openReadStreamPromise(entry)) crc = crc32(chunk, crc);
      if (crc !== entry.crc32) return `CRC-32 of ${entry.fileName}`;
      found.push([entry.fileName, entry.uncompressedSize]);
    }
    return difference(found, inOrder(expected));
  },
};

/** Unpack an archive into an empty folder that exists. */
export const unpackPrograms: Record<string, (file: string, folder: string) => Promise<string>> = {
  unzip: (file, folder) => output('unzip', '-qq', file, '-d', folder),
  '7z': (file, folder) => output('7z', 'x', '-bd', `-o${folder}`, file),
  bsdtar: (file, folder) => output('bsdtar', '-xf', file, '-C', folder),
  python: (file, folder) => output('python3', '-m', 'zipfile', '-e', file, folder),
};
