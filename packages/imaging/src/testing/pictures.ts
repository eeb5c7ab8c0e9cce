import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Noise compresses badly and shrinks to grey: a file of some size whose end carries picture. */
export const noise = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({
    create: {
      width,
      height,
      channels,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

/** Left half of one colour, right half of another. */
export function halves(width: number, height: number, left: string, right: string) {
  const half = { create: { width: Math.floor(width / 2), height, channels: 3, background: left } } as const;
  return sharp({ create: { width, height, channels: 3, background: right } }).composite([
    { input: half, left: 0, top: 0 },
  ]);
}

/** A few kilobytes that unfold to `side` by `side` pixels: valid to the last byte. */
export function pngBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((Math.ceil(side / 8) + 1) * side);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Red, green and blue of the pixel at (x, y), measured from the top left corner in hundredths of width and height. */
export async function pixelAt(picture: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const column = Math.floor(((info.width - 1) * x) / 100);
  const row = Math.floor(((info.height - 1) * y) / 100);
  const start = (row * info.width + column) * info.channels;
  return [...data.subarray(start, start + info.channels)];
}
