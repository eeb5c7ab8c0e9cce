import type { Verification } from '@sheaf/evidence/verify-archive';
import { expect, test } from 'vitest';
import { describeVerification } from './describe-verification.ts';

const genuine: Verification = {
  genuine: true,
  faults: [],
  layout: 'headers',
  kid: 'key',
  files: 1,
  contentSize: 1,
  receipt: {
    version: 1,
    issuer: 'https://sheaf.example',
    downloadId: 'download',
    requestId: null,
    part: { number: 1, of: 1 },
    archive: { format: 'zip', compression: 'deflate', layout: 1 },
    requestedAt: '2026-11-01T12:00:00.000Z',
    requestedBy: { id: 'user', name: 'Re\u001b[2Jquester', email: 'requester@example.com' },
    from: { ipAddress: null, userAgent: null },
    preparedAt: null,
    audit: null,
    manifest: { path: 'manifest.json', sha256: '', size: 1 },
    licences: [],
    assets: [],
  },
};

test('no name in an archive, nor its own, can act on the terminal or add a line to the verdict', () => {
  const path = 'a\nb is genuine.\u202e';
  const faults: Verification['faults'] = [{ code: 'file.unexpected', path, message: `${path} does not belong here.` }];
  const told = describeVerification('evil\r.zip', { ...genuine, genuine: false, layout: null, faults });
  expect(told).toBe('evil�.zip is NOT genuine.\n  a�b is genuine.� does not belong here.');
  expect(describeVerification('a.zip', genuine)).toContain('by Re�[2Jquester <requester@example.com>');
});

test('of a deflated ZIP it is told what is not proved', () => {
  expect(describeVerification('a.zip', genuine)).toMatch(/note .* deflated is not proved, and need not be/);
});
