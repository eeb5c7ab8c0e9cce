import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { renderDerivative } from './render-derivative.ts';
import { createRenderer, type RendererOptions } from './renderer.ts';
import { parameters } from './testing/parameters.ts';
import { noise, pngBomb } from './testing/pictures.ts';

const signal = new AbortController().signal;

function setup(options: RendererOptions = {}) {
  const renderer = createRenderer({ processes: 1, ...options });
  onTestFinished(() => renderer.close());
  return renderer;
}

const jpeg = await noise(600, 400).jpeg().toBuffer();
const task = (bytes: Buffer, given = {}) => ({
  source: { bytes },
  mediaType: 'image/jpeg',
  parameters: parameters(given),
});

const failure = (cause: string) =>
  expect.objectContaining({ code: 'render.failed', detail: expect.objectContaining({ cause }) });

test('a picture is rendered as it is in this process', async () => {
  const square = task(jpeg, { fit: 'cover', position: 'attention', width: 200, height: 200 });
  const { bytes, ...facts } = await setup().render(square, signal);
  const direct = await renderDerivative(square);
  expect({ ...facts, bytes: Buffer.from(bytes) }).toEqual(direct);
});

test('a picture in a file is rendered as its bytes are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-imaging-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'picture'), jpeg);
  const fromFile = await setup().render({ ...task(jpeg), source: { path: join(folder, 'picture') } }, signal);
  expect(Buffer.from(fromFile.bytes).equals((await renderDerivative(task(jpeg))).bytes)).toBe(true);
});

test('a file that is gone fails as unreadable', async () => {
  const gone = { ...task(jpeg), source: { path: '/nowhere/picture' } };
  await expect(setup().render(gone, signal)).rejects.toThrow(failure('unreadable'));
});

test('what cannot be read fails with its cause, and the process goes on', async () => {
  const renderer = setup();
  await expect(renderer.render(task(Buffer.from('text')), signal)).rejects.toThrow(failure('unreadable'));
  const bomb = { ...task(pngBomb(30_000)), mediaType: 'image/png' };
  await expect(renderer.render(bomb, signal)).rejects.toThrow(failure('unreadable'));
  const large = task(jpeg, { width: 16_000, height: 16_000, enlarge: true, fit: 'fill' });
  await expect(renderer.render(large, signal)).rejects.toThrow(failure('size'));
  const [pid] = renderer.pids();
  await renderer.render(task(jpeg), signal);
  expect(renderer.pids()).toEqual([pid]);
});

test('a picture that unfolds to more memory than there may be fails, and the next one is rendered', async () => {
  // Turned by its orientation, it has to be in memory as a whole: 300 MB.
  const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#888' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(large.length).toBeLessThan(3_000_000);
  const renderer = setup({ memoryBytes: 250_000_000 });
  await expect(renderer.render(task(large, { width: 7_000, height: null }), signal)).rejects.toThrow(failure('memory'));
  expect(renderer.pids()).toEqual([]);
  expect(await renderer.render(task(jpeg), signal)).toMatchObject({ width: 400 });
});

/** Keeps the encoder busy for minutes. */
const slow = () =>
  task(jpeg, { width: 7_000, height: 7_000, fit: 'fill', enlarge: true, format: 'avif', quality: 100 });

test('a picture that takes longer than it may fails', async () => {
  const renderer = setup({ seconds: 1 });
  await expect(renderer.render(slow(), signal)).rejects.toThrow(failure('time'));
  expect(renderer.pids()).toEqual([]);
});

test('a rendering is aborted at once', async () => {
  const renderer = setup();
  const abort = new AbortController();
  const rendering = renderer.render(slow(), abort.signal);
  await vi.waitUntil(() => renderer.pids().length === 1);
  abort.abort(new Error('no longer wanted'));
  await expect(rendering).rejects.toThrow('no longer wanted');
  expect(renderer.pids()).toEqual([]);
});

test('a process that is killed by others fails its picture as a crash that may pass, and the next one is rendered', async () => {
  const renderer = setup();
  const rendering = renderer.render(slow(), signal);
  const [pid] = await vi.waitUntil(() => (renderer.pids().length > 0 ? renderer.pids() : null));
  process.kill(pid!, 'SIGKILL');
  await expect(rendering).rejects.toMatchObject({
    code: 'render.failed',
    retryable: true,
    detail: { cause: 'crash' },
  });
  expect(await renderer.render(task(jpeg), signal)).toMatchObject({ width: 400 });
});
