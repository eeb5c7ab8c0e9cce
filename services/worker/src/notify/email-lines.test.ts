import { expect, test } from 'vitest';
import { emailHtml } from './email-html.ts';
import { emailLines } from './email-lines.ts';
import { emailText } from './email-text.ts';
import type { Notice } from './notice.ts';

type Changes = Partial<Omit<Notice, 'download'>> & { download?: Partial<Notice['download']> };

function notice(changes: Changes = {}): Notice {
  const download: Notice['download'] = {
    id: 'd',
    name: 'Spring & <summer>',
    version: 5,
    state: 'ready',
    requester: { id: 'u', name: 'requester', email: 'requester@example.com' },
    background: true,
    progress: {
      entriesDone: 3,
      entriesTotal: 3,
      bytesDone: 5,
      bytesTotal: 5,
      queuePosition: null,
      waitsForOwn: false,
      etaSeconds: null,
    },
    counts: { included: 2, excluded: 0 },
    bundle: {
      format: 'zip',
      delivery: 'streamed',
      size: 3_000,
      linkId: 'l',
      parts: [
        { number: 1, size: 2_000, oversized: false, etag: '"a"', url: 'https://sheaf.example/d/t/1', fault: null },
        { number: 2, size: 1_000, oversized: false, etag: '"b"', url: 'https://sheaf.example/d/t/2', fault: null },
      ],
    },
    createdAt: '2026-11-01T12:00:00.000Z',
    readyAt: '2026-11-01T12:00:01.000Z',
    expiresAt: '2026-11-08T12:00:01.000Z',
    cancelRequestedAt: null,
    error: null,
    quarantined: false,
    restOf: null,
    ...changes.download,
  };
  return {
    event: 'download.ready',
    at: new Date('2026-11-01T12:00:01Z'),
    summary: { included: 2, excluded: 0, reasons: [] },
    incomplete: [],
    expiring: { withinDays: 15, assets: 0, first: [] },
    ...changes,
    download,
  };
}

test('a download in parts has one link for each, with its size', () => {
  const text = emailText(emailLines(notice()));

  expect(text).toContain('The archive has 3 files of 2 assets: 3.0 kB in 2 parts.');
  expect(text).toContain('Download part 1 (2.0 kB):\nhttps://sheaf.example/d/t/1\n');
  expect(text).toContain('Download part 2 (1.0 kB):\nhttps://sheaf.example/d/t/2\n');
  expect(text).toContain('It can be downloaded until 8 November 2026 at 12:00 UTC.');
});

test('nothing is said of what is missing where nothing is', () => {
  expect(emailLines(notice()).missing).toBeNull();
});

test('every reason is counted, the first assets are named, and the others are counted too', () => {
  const incomplete = Array.from({ length: 20 }, (_, index) => ({
    assetId: `asset-${index}`,
    title: index === 0 ? '' : `Title ${index}`,
    outcome: index === 1 ? ('included' as const) : ('excluded' as const),
    reason: 'asset.expired' as const,
  }));
  const reasons = [{ reason: 'asset.expired' as const, excluded: 24, partial: 1, text: 'The asset has expired.' }];
  const text = emailText(emailLines(notice({ summary: { included: 2, excluded: 24, reasons }, incomplete })));

  expect(text).toContain('Not, or not completely, included: 25 assets\n  25 × The asset has expired.');
  expect(text).toContain('- asset-0: The asset has expired.\n- Title 1 (some files): The asset has expired.\n');
  expect(text).toContain('- Title 19: The asset has expired.\n- and 5 more\n');
});

test('what people named is escaped in the HTML part', () => {
  const html = emailHtml(emailLines(notice()));

  expect(html).toContain('<title>“Spring &amp; &lt;summer&gt;” is ready</title>');
  expect(html).not.toContain('<summer>');
});

test('a failed download says why, and has no link', () => {
  const lines = emailLines(
    notice({
      event: 'download.failed',
      download: { state: 'failed', bundle: null, error: { code: 'storage.full', message: 'There is no space left.' } },
    }),
  );

  expect(lines).toMatchObject({
    title: '“Spring & <summer>” could not be prepared',
    paragraphs: ['There is no space left.'],
    links: [],
  });
});

test('assets that expire soon are named with their days, and those beyond three are counted', () => {
  const first = Array.from({ length: 4 }, (_, index) => ({
    assetId: `asset-${index}`,
    title: index === 2 ? '' : `Boats ${index}`,
    expiresAt: '2026-11-09T12:00:00.000Z',
    days: index + 1,
  }));
  const [, , paragraph] = emailLines(notice({ expiring: { withinDays: 15, assets: 6, first } })).paragraphs;

  expect(paragraph).toBe(
    '6 assets expire within 15 days: “Boats 0” in 1 day, “Boats 1” in 2 days, “asset-2” in 3 days, and 3 more.',
  );
});

test('nothing is said of expiry where nothing in the archive expires soon', () => {
  expect(emailText(emailLines(notice()))).not.toContain('expire within');
});
