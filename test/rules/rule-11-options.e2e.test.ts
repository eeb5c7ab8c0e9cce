import { expect, onTestFinished, test, vi } from 'vitest';
import { startMailServer } from '../harness/mail-server.ts';
import { contentPaths, setupPortal } from '../harness/portal.ts';

test.each([
  ['flat', ['boat (2).jpg', 'boat.jpg']],
  ['folder-per-asset', ['Harbour/boat.jpg', 'Sea/boat.jpg']],
  ['catalogue', ['Coast/North/boat.jpg', 'Coast/South/boat.jpg']],
] as const)('rule 11: the layout `%s`', async (layout, paths) => {
  const { addPicture, download, items, unpack } = await setupPortal();
  const assets = [
    await addPicture({ title: 'Harbour', fileName: 'boat.jpg', folder: 'Coast/North' }),
    await addPicture({ title: 'Sea', fileName: 'boat.jpg', folder: 'Coast/South' }),
  ];

  const ready = await download({ assetIds: assets.map(({ id }) => id), layout });

  expect(contentPaths(await unpack(ready))).toEqual(paths);
  expect((await items(ready.id)).map(({ renamed }) => renamed)).toEqual([false, layout === 'flat']);
});

test('rule 11: emails go to the requester who wants one and to whom they name, each with the link and what was left out', async () => {
  const mail = await startMailServer();
  onTestFinished(() => mail.close());
  const { addPicture, download, linkOf } = await setupPortal({ settings: { SMTP_URL: mail.url } });
  const assets = [await addPicture(), await addPicture({ approve: false }), await addPicture()];

  const ready = await download({
    assetIds: assets.map(({ id }) => id),
    unavailable: 'skip',
    notify: { email: true, to: ['colleague@example.com'] },
  });

  await vi.waitFor(() => expect(mail.messages).toHaveLength(2), { timeout: 20_000 });
  const addressees = mail.messages.flatMap(({ to }) => [to].flat().map((address) => address?.text));
  expect(addressees.sort()).toEqual(['colleague@example.com', 'requester@example.com']);
  for (const { text } of mail.messages) {
    expect(text).toContain(linkOf(ready));
    expect(text).toContain('The asset does not exist, or you may not see it.');
  }
});

test('rule 11: who wants no email gets none', async () => {
  const mail = await startMailServer();
  onTestFinished(() => mail.close());
  const { addPicture, download, get } = await setupPortal({ settings: { SMTP_URL: mail.url } });
  const assets = [await addPicture(), await addPicture()];

  await download({ assetIds: assets.map(({ id }) => id), notify: { email: false } });

  await vi.waitFor(async () => expect((await get<{ items: unknown[] }>('/me/inbox')).items).toHaveLength(1));
  expect(mail.messages).toEqual([]);
});
