import { expect, test } from 'vitest';
import { completeParameters } from './complete-parameters.ts';
import { isDefinitionName } from './definition-name.ts';
import { imageParametersProblems } from './parameters-problems.ts';

test.each([
  [{}, '/width'],
  [{ width: 100_000, height: 100_000 }, '/width /height /height'],
  [{ width: 0 }, '/width'],
  [{ height: 1.5 }, '/height'],
  [{ width: 16_384 }, ''],
  [{ width: 16_384, format: 'webp' }, '/width'],
  [{ width: 8_000, height: 8_000 }, ''],
  [{ width: 8_001, height: 8_000 }, '/height'],
  [{ width: 10, quality: 0 }, '/quality'],
  [{ width: 10, quality: 101 }, '/quality'],
  [{ width: 10, quality: 100 }, ''],
  [{ width: 10, colourSpace: 'cmyk', format: 'png' }, '/colourSpace'],
  [{ width: 10, colourSpace: 'cmyk', format: 'tiff' }, ''],
  [{ width: 10, background: 'red' }, '/background'],
  [{ width: 10, background: '#FFaa00' }, ''],
] as const)('the parameters %j are at fault at: %s', (partial, paths) => {
  const problems = imageParametersProblems(completeParameters(partial));
  expect(problems.map(({ path }) => path).join(' ')).toBe(paths);
});

test('equal parameters are equal byte for byte, however they were written', () => {
  const one = completeParameters({ height: null, background: '#FFAA00', width: 10, quality: undefined });
  const other = completeParameters({ width: 10, background: '#ffaa00', fit: 'cover' });
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
});

test('names are lower-case letters, digits and single hyphens, and never `original`', () => {
  for (const name of ['web', '4k', 'hero-1-2', 'a'.repeat(64)])
    expect([name, isDefinitionName(name)]).toEqual([name, true]);
  for (const name of ['', 'Web', 'a--b', '-a', 'a-', 'a b', '../a', 'ü', 'original', 'a'.repeat(65)]) {
    expect([name, isDefinitionName(name)]).toEqual([name, false]);
  }
});
