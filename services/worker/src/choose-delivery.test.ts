import { describe, expect, test } from 'vitest';
import { chooseDelivery } from './choose-delivery.ts';

const storedZip = { format: 'zip', compression: 'store' } as const;
const onFiles = { blobs: { path: (sha256: string) => `/blobs/${sha256}` } } as never;
const elsewhere = { blobs: { path: () => null } } as never;

describe('how an archive is delivered', () => {
  test.each([
    ['auto', onFiles, 'streamed'],
    ['auto', elsewhere, 'packed'],
    ['streamed', elsewhere, 'streamed'],
    ['packed', onFiles, 'packed'],
  ] as const)('a stored ZIP, where the setting is %s', (DELIVERY, storage, delivery) => {
    expect(chooseDelivery(storedZip, { DELIVERY }, storage)).toBe(delivery);
  });

  test.each([
    { format: 'zip', compression: 'deflate' },
    { format: 'tar', compression: 'store' },
    { format: 'tar.gz', compression: 'store' },
  ] as const)('$format with compression $compression is compressed, whatever the setting', (request) => {
    for (const DELIVERY of ['auto', 'streamed', 'packed'] as const) {
      expect(chooseDelivery(request, { DELIVERY }, onFiles)).toBe('compressed');
    }
  });
});
