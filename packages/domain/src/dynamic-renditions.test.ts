import { describe, expect, test } from 'vitest';
import { completeParameters } from './complete-parameters.ts';
import { derivativeKey, dynamicRenditions } from './dynamic-renditions.ts';
import { expectedSize } from './expected-size.ts';
import type { Derivative, RenditionDefinition } from './image-preset.ts';
import { aBlob, anAsset, aRendition } from './testing/decision-facts.ts';

const sha256 = 'cd'.repeat(32);
const hero: RenditionDefinition = {
  presetId: 'p',
  kind: 'dynamic',
  name: 'hero',
  title: 'Hero banner',
  parameters: completeParameters({ width: 1200, height: 600, format: 'webp' }),
  parametersKey: 'key',
};

function picture(facts: Parameters<typeof aRendition>[2] = {}) {
  const original = { fileName: 'Boats.v2.JPG', width: 4000, height: 3000, blob: aBlob({ sha256 }), ...facts };
  return anAsset('a', { renditions: [aRendition('a', 'static'), aRendition('a', 'original', original)] });
}

const computed = (asset = picture(), derivative?: Partial<Derivative>) => {
  const base: Derivative = {
    originalSha256: sha256,
    parametersKey: 'key',
    state: 'ready',
    width: null,
    height: null,
    blob: null,
  };
  const known = new Map(derivative ? [[derivativeKey(sha256, 'key'), { ...base, ...derivative }]] : []);
  return dynamicRenditions(asset, [hero], known, (presetId, name, key) => `${presetId}/${name}/${key}`);
};

describe('rule 2: what can be made of an asset on demand', () => {
  test('one for each definition, with the size that it will have', () => {
    expect(computed()).toEqual([
      {
        id: 'p/hero/key',
        assetId: 'a',
        kind: 'dynamic',
        name: 'hero',
        title: 'Hero banner',
        presetId: 'p',
        state: 'pending',
        mediaType: 'image/webp',
        fileName: 'Boats.v2-hero.webp',
        width: 1200,
        height: 600,
        blob: null,
      },
    ]);
  });

  test('what was rendered has its state, size and blob', () => {
    const blob = aBlob({ size: 5 });
    expect(computed(picture(), { width: 1199, height: 599, blob })).toMatchObject([
      { state: 'ready', width: 1199, height: 599, blob },
    ]);
    expect(computed(picture(), { state: 'failed' })).toMatchObject([{ state: 'failed', width: 1200, blob: null }]);
  });

  test('an original that is gone keeps back only what has not been rendered', () => {
    const gone = picture({ blob: aBlob({ sha256, fault: 'missing' }) });
    expect(computed(gone)[0]!.sourceFault).toBe('missing');
    expect(computed(gone, { blob: aBlob() })[0]).not.toHaveProperty('sourceFault');
  });

  test.each([
    ['a video', { mediaType: 'video/mp4' }],
    ['a picture of unknown size', { width: null }],
    ['a picture that is not stored', { blob: null }],
  ])('nothing is made of %s', (_, facts) => {
    expect(computed(picture(facts))).toEqual([]);
  });

  test('a drawing is drawn as large as asked for', () => {
    const small = { width: 40, height: 30 };
    expect(computed(picture({ ...small, mediaType: 'image/svg+xml' }))).toMatchObject([{ width: 1200, height: 600 }]);
    expect(computed(picture(small))).toMatchObject([{ width: 40, height: 20 }]);
  });
});

test.each([
  ['cover', false, 1000, 500, '1000x500'],
  ['cover', false, 8000, 8000, '3000x3000'],
  ['cover', true, 8000, 8000, '8000x8000'],
  ['contain', false, 8000, 8000, '8000x8000'],
  ['inside', false, 1000, 1000, '1000x750'],
  ['inside', false, 8000, 8000, '4000x3000'],
  ['inside', true, 8000, 8000, '8000x6000'],
  ['outside', false, 600, 600, '800x600'],
  ['outside', false, 8000, 100, '4000x3000'],
  ['fill', false, 8000, 100, '4000x100'],
  ['fill', true, 8000, 100, '8000x100'],
  ['cover', false, 400, null, '400x300'],
  ['contain', false, null, 9000, '4000x3000'],
  ['contain', true, null, 6000, '8000x6000'],
  ['inside', false, 1, null, '1x1'],
] as const)('%s (enlarge %s) of 4000x3000 to %s x %s is %s', (fit, enlarge, width, height, expected) => {
  const size = expectedSize({ width: 4000, height: 3000 }, { fit, enlarge, width, height });
  expect(`${size.width}x${size.height}`).toBe(expected);
});
