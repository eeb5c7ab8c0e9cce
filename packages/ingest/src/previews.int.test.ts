import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pixelAt } from '@sheaf/imaging/testing/pictures';
import { expect, onTestFinished, test } from 'vitest';
import { decodePdf } from './decode-pdf.ts';
import { decodeVideo } from './decode-video.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { runLimited } from './limited-command.ts';
import { renderStaticRenditions } from './render-static.ts';
import { setupIngest } from './testing/ingest-setup.ts';
import { onePagePdf } from './testing/pdfs.ts';

const signal = new AbortController().signal;

async function setup() {
  const bundle = await setupIngest();
  const { deps, ingest, assetOf, bytesOf } = bundle;
  return {
    ...bundle,
    /** Ingests a file and makes what is planned for it. */
    add: async (fileName: string, bytes: Buffer) => {
      const { assetId } = await ingest(fileName, bytes);
      const counts = await renderStaticRenditions(deps, assetId, signal);
      const [original, ...previews] = (await assetOf(assetId)).renditions;
      return { assetId, counts, original: original!, previews };
    },
    picture: (sha256: string) => bytesOf(sha256),
  };
}

test('a PDF’s first page is its thumbnail, web and zoom rendition', async () => {
  const { add, picture } = await setup();
  const { counts, original, previews } = await add('leaflet.pdf', onePagePdf());
  expect(counts).toEqual({ rendered: 3, failed: 0 });
  expect(original).toMatchObject({ mediaType: 'application/pdf', width: null, height: null });
  expect(previews.map(({ name, fileName, width, height }) => [name, fileName, width, height])).toEqual([
    ['thumbnail', 'leaflet-thumbnail.jpg', 239, 319],
    ['web', 'leaflet-web.jpg', 960, 1_280],
    ['zoom', 'leaflet-zoom.jpg', 1_536, 2_048],
  ]);
  const page = await picture(previews[1]!.blob!.sha256);
  expect((await pixelAt(page, 20, 50))[0]).toBeGreaterThan(240);
  expect((await pixelAt(page, 80, 50))[2]).toBeGreaterThan(240);
});

test.each([
  ['protected by a password', onePagePdf({ encrypted: true }), /password/],
  ['damaged', Buffer.from('%PDF-1.7\nThis is none.'), /damaged/],
  ['cut short before its page', onePagePdf().subarray(0, 60), /damaged/],
])('a PDF that is %s stays an asset, whose previews fail with the reason', async (_, bytes, reason) => {
  const { deps, add, assetOf } = await setup();
  const { assetId, counts, original, previews } = await add('leaflet.pdf', bytes);
  expect(counts).toEqual({ rendered: 0, failed: 3 });
  expect(original).toMatchObject({ state: 'ready', blob: { fault: null } });
  expect(previews.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
  await expect(decodePdf(bytes, 100, signal)).rejects.toThrow(reason);
  expect(await renderStaticRenditions(deps, assetId, signal)).toEqual({ rendered: 0, failed: 0 });
  expect((await assetOf(assetId)).renditions).toHaveLength(4);
});

test('a PDF that is no longer wanted is not drawn', async () => {
  const abort = new AbortController();
  const drawing = decodePdf(onePagePdf(), 4_000, abort.signal);
  abort.abort(new Error('no longer wanted'));
  await expect(drawing).rejects.toThrow('no longer wanted');
});

test('a program that is named as a video is no video', async () => {
  const { add } = await setup();
  expect((await add('main.ts', Buffer.from('export {};'))).previews).toEqual([]);
});

/** Five seconds of test picture in a container; empty where this machine has no ffmpeg to make it. */
async function video(extension: string): Promise<Buffer> {
  const ffmpeg = await findFfmpeg();
  if (ffmpeg === null)
    return Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(99)]);
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-video-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, `video.${extension}`);
  const source = ['-f', 'lavfi', '-i', 'color=c=red:duration=5:size=640x360:rate=5'];
  const limits = { seconds: 30, memoryBytes: 1e9, outputBytes: 1e6 };
  const made = await runLimited(ffmpeg.program, ['-v', 'error', ...source, path], limits, signal);
  expect(made).toMatchObject({ exitCode: 0 });
  return readFile(path);
}

test.each(['mp4', 'avi', 'mkv'])(
  'a frame of an %s is its previews where there is ffmpeg; else none are planned',
  async (extension) => {
    const { add, picture } = await setup();
    const { counts, previews } = await add(`clip.${extension}`, await video(extension));
    if ((await findFfmpeg()) === null) {
      expect(previews).toEqual([]);
      return;
    }
    expect(counts).toEqual({ rendered: 3, failed: 0 });
    expect(previews[2]).toMatchObject({ mediaType: 'image/jpeg', width: 640, height: 360 });
    const [red, green] = await pixelAt(await picture(previews[1]!.blob!.sha256), 50, 50);
    expect([red! > 240, green! < 20]).toEqual([true, true]);
  },
);

test('a video that cannot be read stays an asset without previews', async () => {
  const { add } = await setup();
  const { counts, original, previews } = await add('clip.mp4', (await video('mp4')).subarray(0, 1_000));
  const planned = (await findFfmpeg()) === null ? 0 : 3;
  expect(counts).toEqual({ rendered: 0, failed: planned });
  expect(original.state).toBe('ready');
  expect(previews.map(({ state }) => state)).toEqual(Array(planned).fill('failed'));
});

test('a list of other files is not followed', async () => {
  const { tree, writeTree } = await setup();
  await writeTree({
    'clip.avi': await video('avi'),
    'list.m3u8': `#EXTM3U\n#EXTINF:5,\n${join(tree, 'clip.avi')}\n#EXT-X-ENDLIST\n`,
    'list.ffconcat': `ffconcat version 1.0\nfile '${join(tree, 'clip.avi')}'\n`,
  });
  for (const list of ['list.m3u8', 'list.ffconcat']) {
    await expect(decodeVideo(join(tree, list), 100, signal)).rejects.toMatchObject({ code: 'render.failed' });
  }
});

test('a machine without ffmpeg is found to have none', async () => {
  expect(await findFfmpeg('there-is-no-such-ffmpeg')).toBeNull();
  expect(await findFfmpeg(process.execPath)).toBeNull();
});
