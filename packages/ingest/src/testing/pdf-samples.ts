import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const newLine = '\n';

interface PdfOptions {
  pages?: number;
  /** What makes the bytes, and so the hash, differ. */
  text?: string;
  /** Further entries of the trailer, and the objects that they need, from object 100 on. */
  trailer?: string;
}

/** A whole PDF with its table of objects, as small as it gets. */
export function samplePdf({ pages = 1, text = 'Terms', trailer = '' }: PdfOptions = {}): Buffer {
  const kids = Array.from({ length: pages }, (_, index) => `${3 + index} 0 R`).join(' ');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages}/Kids[${kids}]>>`,
    ...Array.from({ length: pages }, () => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Note(${text})>>`),
  ];
  let body = `%PDF-1.7${newLine}`;
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj${newLine}${object}${newLine}endobj${newLine}`;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n ${newLine}`).join('');
  const table = `xref${newLine}0 ${objects.length + 1}${newLine}0000000000 65535 f ${newLine}${rows}`;
  const end = `trailer${newLine}<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>${newLine}startxref${newLine}${body.length}`;
  return Buffer.from(`${body}${table}${end}${newLine}%%EOF${newLine}`, 'latin1');
}

/**
 * A PDF under the oldest of PDF's ciphers (40 bit), which every reader knows. Without a password everybody may open it,
 * and only the restrictions are "protected".
 */
export function encryptedPdf(password = ''): Buffer {
  const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), padding]).subarray(0, 32);
  const id = Buffer.alloc(16, 7);
  const permissions = -44;
  const owner = rc4(md5(padding).subarray(0, 5), padded);
  const flags = Buffer.alloc(4);
  flags.writeInt32LE(permissions);
  const key = md5(Buffer.concat([padded, owner, flags, id])).subarray(0, 5);
  const user = rc4(key, padding);
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`;
  const cipher = `/Filter/Standard/V 1/R 2/O${hex(owner)}/U${hex(user)}/P ${permissions}`;
  return samplePdf({ trailer: `/ID[${hex(id)}${hex(id)}]/Encrypt<<${cipher}>>` });
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}

function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    [state[a], state[b]] = [state[b]!, state[a]!];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return Buffer.from(
    bytes.map((byte) => {
      i = (i + 1) & 255;
      j = (j + state[i]!) & 255;
      swap(i, j);
      return byte ^ state[(state[i]! + state[j]!) & 255]!;
    }),
  );
}

/**
 * A few kilobytes whose table of objects, packed twice over, has `objects` rows of nothing: a parser that believes it
 * is at it for long, and fills its memory.
 */
export function bombPdf(objects: number): Buffer {
  const rows = deflateSync(deflateSync(Buffer.alloc(objects * 3, 1), { level: 9 }), { level: 9 });
  const head = Buffer.from('%PDF-1.7\n', 'latin1');
  const stream = [
    `1 0 obj\n<</Type/XRef/Size ${objects}/W[1 1 1]/Root 2 0 R/Filter[/FlateDecode/FlateDecode]/Length ${rows.length}>>\n`,
    'stream\n',
    rows,
    `\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`,
  ];
  return Buffer.concat([head, ...stream.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))]);
}
