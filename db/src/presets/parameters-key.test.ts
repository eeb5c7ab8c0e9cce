import type { ImageParameters } from '@sheaf/domain/image-parameters';
import { expect, test } from 'vitest';
import { parametersKey } from './parameters-key.ts';

const parameters: ImageParameters = {
  width: 800,
  height: null,
  fit: 'inside',
  position: 'centre',
  enlarge: false,
  format: 'jpeg',
  quality: null,
  colourSpace: 'srgb',
  background: null,
  sharpen: false,
};

test('equal parameters have the same key, in whatever order they are written', () => {
  const turned = Object.fromEntries(Object.entries(parameters).reverse()) as unknown as ImageParameters;
  expect(parametersKey(turned)).toBe(parametersKey(parameters));
  expect(parametersKey(parameters)).toMatch(/^[0-9a-f]{64}$/);
});

test('each parameter counts', () => {
  const others: Partial<ImageParameters>[] = [
    { width: 801 },
    { width: null, height: 800 },
    { fit: 'cover' },
    { position: 'attention' },
    { enlarge: true },
    { format: 'webp' },
    { quality: 80 },
    { colourSpace: 'p3' },
    { background: '#ffffff' },
    { sharpen: true },
  ];
  const keys = new Set([{}, ...others].map((change) => parametersKey({ ...parameters, ...change })));
  expect(keys.size).toBe(others.length + 1);
});
