import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetJson } from '@sheaf/contract/asset';
import { halves, pixelAt } from '@sheaf/imaging/testing/pictures';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { renditionOf, setupPortal } from './harness/portal.ts';

/** A portal with a preset, for somebody who may have it made of what is uploaded. */
async function setup({ width = 100, height = 50 } = {}) {
  const portal = await setupPortal();
  const entitled = await portal.addUser('requester', { dynamicRenditions: true });
  await portal.addPreset('small', { width, height, format: 'png' });

  async function fetched(asset: AssetJson, kind: 'original' | 'static' | 'dynamic', name?: string): Promise<Buffer> {
    const answer = await portal.fetchFile(renditionOf(asset, kind, name), entitled);
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body}`);
    return answer.rawPayload;
  }

  return {
    ...portal,
    fetched,
    /** The asset that becomes of a file, and the pictures that are made of it: one at ingest, one on demand. */
    async offer(fileName: string, bytes: Buffer) {
      const { id } = await portal.addPicture({ fileName, bytes });
      const asset = await portal.asset(id, entitled);
      return { asset, made: [await fetched(asset, 'static', 'web'), await fetched(asset, 'dynamic', 'small')] };
    },
  };
}

const red = '#ff0000';
const blue = '#0000ff';
const isRed = ([r, g, b]: number[]) => r! > 200 && g! < 60 && b! < 60;
const isBlue = ([r, g, b]: number[]) => r! < 60 && g! < 60 && b! > 200;
const sizeOf = async (picture: Buffer) => {
  const { width, height } = await sharp(picture).metadata();
  return [width, height];
};

test('an animated GIF is offered as its first frame, and is itself handed out with all of them', async () => {
  const { offer, fetched } = await setup();
  const frames = await Promise.all([red, blue].map((colour) => halves(400, 200, colour, colour).png().toBuffer()));
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [50, 50] })
    .toBuffer();
  expect((await sharp(gif).metadata()).pages).toBe(2);

  const { asset, made } = await offer('blinking.gif', gif);

  expect(renditionOf(asset, 'original')).toMatchObject({ mediaType: 'image/gif', width: 400, height: 200 });
  expect(await Promise.all(made.map(sizeOf))).toEqual([
    [400, 200],
    [100, 50],
  ]);
  for (const picture of made) {
    expect((await sharp(picture).metadata()).pages ?? 1).toBe(1);
    expect(isRed(await pixelAt(picture, 50, 50))).toBe(true);
  }
  expect(await fetched(asset, 'original')).toEqual(gif);
});

test('a CMYK TIFF is offered in sRGB, with its colours, and is itself handed out as CMYK', async () => {
  const { offer, fetched } = await setup();
  const tiff = await halves(400, 200, '#ffffff', '#202020').toColourspace('cmyk').tiff().toBuffer();
  expect((await sharp(tiff).metadata()).space).toBe('cmyk');

  const { asset, made } = await offer('print.tif', tiff);

  expect(made).toHaveLength(2);
  for (const picture of made) {
    expect(await sharp(picture).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
    expect(Math.min(...(await pixelAt(picture, 10, 50)))).toBeGreaterThan(235);
    expect(Math.max(...(await pixelAt(picture, 90, 50)))).toBeLessThan(80);
  }
  expect(await fetched(asset, 'original')).toEqual(tiff);
});

test('a PNG with 16 bits a channel is offered with 8, and in the same colours', async () => {
  const { offer, fetched } = await setup();
  const png = await halves(400, 200, '#b46e3c', '#b46e3c').toColourspace('rgb16').png().toBuffer();
  expect((await sharp(png).metadata()).depth).toBe('ushort');

  const { asset, made } = await offer('deep.png', png);

  expect(made).toHaveLength(2);
  for (const picture of made) {
    expect(await sharp(picture).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar' });
    for (const [i, value] of (await pixelAt(picture, 50, 50)).slice(0, 3).entries()) {
      expect(Math.abs(value - [0xb4, 0x6e, 0x3c][i]!)).toBeLessThanOrEqual(3);
    }
  }
  expect(await fetched(asset, 'original')).toEqual(png);
});

test.each([
  ['upside down', 3, [400, 200], [blue, red]],
  ['on its right side', 6, [200, 400], [red, blue]],
  ['on its left side', 8, [200, 400], [blue, red]],
] as const)('a photograph that is stored %s (EXIF %i) is offered upright', async (_how, orientation, size, shown) => {
  const [width, height] = size;
  const { offer, fetched } = await setup({ width: width / 4, height: height / 4 });
  const jpeg = await halves(400, 200, red, blue).withMetadata({ orientation }).jpeg().toBuffer();

  const { asset, made } = await offer('photograph.jpg', jpeg);

  expect(renditionOf(asset, 'original')).toMatchObject({ width, height });
  expect(await Promise.all(made.map(sizeOf))).toEqual([size, [width / 4, height / 4]]);
  for (const picture of made) {
    expect((await sharp(picture).metadata()).orientation).toBeUndefined();
    const ends =
      width > height
        ? [await pixelAt(picture, 5, 50), await pixelAt(picture, 95, 50)]
        : [await pixelAt(picture, 50, 5), await pixelAt(picture, 50, 95)];
    expect(ends.map((pixel) => (isRed(pixel) ? red : isBlue(pixel) ? blue : pixel))).toEqual(shown);
  }
  expect(await fetched(asset, 'original')).toEqual(jpeg);
});

/** A text and a red picture in a folder, and a server that has them too, and notes who asks. */
async function setupSecrets() {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-secret-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const picture = await halves(100, 100, red, red).png().toBuffer();
  await writeFile(join(folder, 'secret.txt'), 'MMMM');
  await writeFile(join(folder, 'secret.png'), picture);
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end(picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    picture,
    places: [url, `file://${folder}`, folder],
    /** Paths that the server was asked for; that it answers at all shows in the last of them. */
    async asked() {
      await fetch(`${url}/probe`);
      return asked;
    },
  };
}

/** A blue drawing with that on top of it. */
const drawing = (content: string, doctype = '') =>
  Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE svg ${doctype}>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="200">
      <rect width="400" height="200" fill="${blue}"/>${content}
    </svg>`,
  );

const hasRed = async (picture: Buffer) => (await sharp(picture).stats()).channels[0]!.max > 100;

test('a drawing with an external entity is refused as unreadable, and nobody asks for what it names', async () => {
  const { upload, get, users } = await setup();
  const { places, asked } = await setupSecrets();
  const drawings = places.flatMap((place) => [
    drawing('<text y="60" font-size="40">&outside;</text>', `[<!ENTITY outside SYSTEM "${place}/secret.txt">]`),
    drawing('', `SYSTEM "${place}/drawing.dtd" [<!ENTITY % outside SYSTEM "${place}/secret.txt"> %outside;]`),
  ]);

  for (const bytes of drawings) {
    const refused = await upload({}, { name: 'drawing.svg', bytes });
    expect(refused.statusCode, refused.body).toBe(422);
    expect(refused.json().code).toBe('upload.unreadable');
    expect(refused.body).not.toContain('MMMM');
  }

  expect((await get<{ items: unknown[] }>('/assets', users.administrator)).items).toEqual([]);
  expect(await asked()).toEqual(['/probe']);
});

test('a drawing that refers to pictures and styles elsewhere is drawn without them, and nobody asks for them', async () => {
  const { offer, fetched } = await setup();
  const { picture, places, asked } = await setupSecrets();
  const half = 'width="200" height="200"';
  const drawings = places.flatMap((place) => [
    drawing(
      `<image href="${place}/secret.png" ${half}/><image xlink:href="${place}/secret.png" x="200" ${half}/>
       <style>@import url("${place}/red.css");</style><use href="${place}/drawing.svg#shape"/>`,
      `SYSTEM "${place}/drawing.dtd"`,
    ),
    drawing(`<filter id="f"><feImage href="${place}/secret.png"/></filter><rect ${half} filter="url(#f)"/>`),
  ]);

  for (const [number, bytes] of drawings.entries()) {
    const { asset, made } = await offer(`drawing-${number}.svg`, bytes);
    expect(renditionOf(asset, 'original')).toMatchObject({ mediaType: 'image/svg+xml', width: 400, height: 200 });
    for (const picture of made) expect(await hasRed(picture), String(bytes)).toBe(false);
    expect(await fetched(asset, 'original')).toEqual(bytes);
  }
  const own = drawing(`<image href="data:image/png;base64,${picture.toString('base64')}" ${half}/>`);
  for (const picture of (await offer('own.svg', own)).made) expect(await hasRed(picture)).toBe(true);

  expect(await asked()).toEqual(['/probe']);
});
