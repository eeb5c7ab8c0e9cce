import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { halves, noise, pixelAt } from '@sheaf/imaging/testing/pictures';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { renderStaticRenditions } from './render-static.ts';
import { setupIngest } from './testing/ingest-setup.ts';

const signal = new AbortController().signal;

async function setup() {
  const bundle = await setupIngest();
  const { deps, ingest, assetOf, bytesOf } = bundle;
  const rendered = async (assetId: string, name: string) => {
    const rendition = (await assetOf(assetId)).renditions.find((candidate) => candidate.name === name)!;
    expect(rendition.state).toBe('ready');
    return { rendition, bytes: await bytesOf(rendition.blob!.sha256) };
  };
  /** Ingests and renders, and gives one rendition. */
  const render = async (fileName: string, bytes: Buffer, name = 'web') => {
    const { assetId } = await ingest(fileName, bytes);
    await renderStaticRenditions(deps, assetId, signal);
    return rendered(assetId, name);
  };
  return { ...bundle, render, rendered };
}

test('all static renditions are made, the longer side at 319, 1280 and 2048 pixels', async () => {
  const { deps, ingest, rendered } = await setup();
  const { assetId } = await ingest('tall.jpg', await noise(2000, 3000).jpeg().toBuffer());
  expect(await renderStaticRenditions(deps, assetId, signal)).toEqual({ rendered: 3, failed: 0 });
  for (const [name, height] of Object.entries({ thumbnail: 319, web: 1280, zoom: 2048 })) {
    const { rendition, bytes } = await rendered(assetId, name);
    const metadata = await sharp(bytes).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', height, width: Math.round((height * 2) / 3) });
    expect(rendition).toMatchObject({ width: metadata.width, height, blob: { size: bytes.length, fault: null } });
  }
});

test('a small picture is not enlarged', async () => {
  const { render } = await setup();
  expect((await render('small.png', await noise(100, 60).png().toBuffer(), 'zoom')).rendition).toMatchObject({
    width: 100,
    height: 60,
  });
});

test('the EXIF orientation is applied, and neither it nor other metadata is kept', async () => {
  const { render } = await setup();
  // Stored on its side: turned by a quarter clockwise, what was on the left is on top.
  const jpeg = await halves(600, 400, '#ff0000', '#0000ff')
    .withExif({ IFD0: { Artist: 'Somebody' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { bytes } = await render('rotated.jpg', jpeg);
  const metadata = await sharp(bytes).metadata();
  expect(metadata).toMatchObject({ width: 400, height: 600 });
  expect([metadata.orientation, metadata.exif, metadata.icc, metadata.xmp]).toEqual(Array(4).fill(undefined));
  const [top, bottom] = [await pixelAt(bytes, 50, 10), await pixelAt(bytes, 50, 90)];
  expect(top[0]).toBeGreaterThan(200);
  expect(bottom[2]).toBeGreaterThan(200);
});

test('colours are converted from the picture’s profile to sRGB', async () => {
  const { render } = await setup();
  const wide = await halves(400, 300, '#b46e3c', '#3cb46e').withIccProfile('p3').png().toBuffer();
  const stored = await pixelAt(await sharp(wide, { ignoreIcc: true }).png().toBuffer(), 20, 50);
  expect(Math.abs(stored[0]! - 0xb4)).toBeGreaterThan(5);
  const { bytes } = await render('wide.png', wide);
  for (const [index, value] of [0xb4, 0x6e, 0x3c].entries()) {
    expect((await pixelAt(bytes, 20, 50))[index]).toBeCloseTo(value, -1);
  }
  expect((await sharp(bytes).metadata()).icc).toBeUndefined();
});

test('a CMYK picture becomes an sRGB one', async () => {
  const { render } = await setup();
  const cmyk = await halves(400, 300, '#ffffff', '#202020').toColourspace('cmyk').jpeg().toBuffer();
  expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
  const { bytes } = await render('print.jpg', cmyk);
  expect((await sharp(bytes).metadata()).space).toBe('srgb');
  expect(Math.min(...(await pixelAt(bytes, 10, 50)))).toBeGreaterThan(235);
  expect(Math.max(...(await pixelAt(bytes, 90, 50)))).toBeLessThan(80);
});

test('a picture with 16 bits a channel and a grey one are rendered', async () => {
  const { render } = await setup();
  const deep = await halves(400, 300, '#ff0000', '#0000ff').toColourspace('rgb16').png().toBuffer();
  expect((await sharp(deep).metadata()).depth).toBe('ushort');
  expect((await pixelAt((await render('deep.png', deep)).bytes, 10, 50))[0]).toBeGreaterThan(240);
  const grey = await noise(400, 300).greyscale().png().toBuffer();
  expect(await sharp((await render('grey.png', grey)).bytes).metadata()).toMatchObject({ width: 400 });
});

test('transparency is kept', async () => {
  const { render } = await setup();
  const logo = await sharp({
    create: { width: 500, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
  })
    .png()
    .toBuffer();
  const { rendition, bytes } = await render('logo.png', logo, 'thumbnail');
  expect(rendition).toMatchObject({ mediaType: 'image/png', fileName: 'logo-thumbnail.png' });
  const [red, , , alpha] = await pixelAt(bytes, 50, 50);
  expect(red).toBe(255);
  expect(Math.abs(alpha! - 128)).toBeLessThan(3);
});

test('a vector picture is drawn as large as the rendition', async () => {
  const { render } = await setup();
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><circle cx="9" cy="9" r="9"/></svg>',
  );
  expect((await render('icon.svg', svg, 'zoom')).rendition).toMatchObject({ width: 2048, height: 1024 });
});

test('a vector picture cannot draw files of the server', async () => {
  const { render, tree, writeTree } = await setup();
  await writeTree({ 'secret.png': await halves(100, 100, '#ff0000', '#ff0000').png().toBuffer() });
  const href = `file://${join(tree, 'secret.png')}`;
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="#fff"/><image href="${href}" width="100" height="100"/></svg>`,
  );
  expect((await pixelAt((await render('sly.svg', svg)).bytes, 50, 50)).slice(0, 3)).toEqual([255, 255, 255]);
});

test('rendering again changes nothing', async () => {
  const { deps, ingest, assetOf } = await setup();
  const { assetId } = await ingest('a.jpg', await noise(400, 300).jpeg().toBuffer());
  await renderStaticRenditions(deps, assetId, signal);
  const before = await assetOf(assetId);
  expect(await renderStaticRenditions(deps, assetId, signal)).toEqual({ rendered: 0, failed: 0 });
  expect(await assetOf(assetId)).toEqual(before);
});

test('two that render the same asset at once make it once', async () => {
  const { deps, ingest, assetOf, storedBlobs } = await setup();
  const { assetId } = await ingest('a.jpg', await noise(1500, 900).jpeg().toBuffer());
  await Promise.all([renderStaticRenditions(deps, assetId, signal), renderStaticRenditions(deps, assetId, signal)]);
  const { renditions } = await assetOf(assetId);
  expect(renditions.map(({ state }) => state)).toEqual(Array(4).fill('ready'));
  expect((await storedBlobs()).sort()).toEqual([...new Set(renditions.map(({ blob }) => blob!.sha256))].sort());
});

test('nothing is made of an asset that is gone', async () => {
  const { deps } = await setup();
  const gone = '0197fd3e-0000-7000-8000-000000000000';
  expect(await renderStaticRenditions(deps, gone, signal)).toEqual({ rendered: 0, failed: 0 });
});

test('an original that is missing is marked so, and its renditions fail with the reason', async () => {
  const { deps, storage, ingest, assetOf } = await setup();
  const { assetId, sha256 } = await ingest('a.jpg', await noise(400, 300).jpeg().toBuffer());
  await storage.blobs.remove(sha256);
  expect(await renderStaticRenditions(deps, assetId, signal)).toEqual({ rendered: 0, failed: 3 });
  const [original, ...others] = (await assetOf(assetId)).renditions;
  expect(original?.blob?.fault).toBe('missing');
  expect(others.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
});

test('an original that was damaged in storage is marked so, and no rendition is made of it', async () => {
  const { deps, ingest, assetOf, blobPath } = await setup();
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  const { assetId, sha256 } = await ingest('a.jpg', jpeg);
  await writeFile(blobPath(sha256), jpeg.fill(0, 2_000, 2_100));
  const now = new Date('2031-02-03T04:05:06Z');
  const counts = await renderStaticRenditions({ ...deps, clock: () => now }, assetId, signal);
  expect(counts).toEqual({ rendered: 0, failed: 3 });
  expect((await assetOf(assetId)).renditions[0]?.blob?.fault).toBe('corrupt');
  const events = await listAuditEvents(deps.db.orm, { filter: { action: 'blob.faulty' }, limit: 2 });
  expect(events.map(({ at }) => at)).toEqual([now]);
});

test('an original that is known to be damaged is not read, and its renditions fail', async () => {
  const { deps, db, ingest } = await setup();
  const { assetId, sha256 } = await ingest('a.jpg', await noise(400, 300).jpeg().toBuffer());
  await markBlobFault(db.orm, sha256, 'corrupt');
  expect(await renderStaticRenditions(deps, assetId, signal)).toEqual({ rendered: 0, failed: 3 });
});

test('an aborted rendering leaves the renditions to be made', async () => {
  const { deps, ingest, assetOf } = await setup();
  const { assetId } = await ingest('a.jpg', await noise(400, 300).jpeg().toBuffer());
  const aborted = AbortSignal.abort(new Error('stopped'));
  await expect(renderStaticRenditions(deps, assetId, aborted)).rejects.toThrow('stopped');
  const states = (await assetOf(assetId)).renditions.map(({ state }) => state);
  expect(states).toEqual(['ready', 'pending', 'pending', 'pending']);
});
