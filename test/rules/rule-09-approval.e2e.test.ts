import { expect, test } from 'vitest';
import { setupPortal } from '../harness/portal.ts';

test('rule 9: a new asset is not approved until an administrator approves it', async () => {
  const { addPicture, asset, call, users } = await setupPortal();
  const added = await addPicture({ approve: false });
  expect(added.status).toBe('draft');

  const attempt = await call('PATCH', `/api/v1/assets/${added.id}`, users.contributor, { status: 'approved' });
  expect(attempt.statusCode).toBe(403);
  expect((await asset(added.id, users.administrator)).status).toBe('draft');

  await call('PATCH', `/api/v1/assets/${added.id}`, users.administrator, { status: 'approved' });
  expect((await asset(added.id)).status).toBe('approved');
});

test('rule 9: with auto-approval on, a new asset is approved at once, and those from before stay as they are', async () => {
  const { addPicture, asset, configure, users } = await setupPortal();
  const before = await addPicture({ approve: false });
  await configure({ autoApproval: true });

  const added = await addPicture({ approve: false });

  expect((await asset(added.id)).status).toBe('approved');
  expect((await asset(before.id, users.administrator)).status).toBe('draft');
});
