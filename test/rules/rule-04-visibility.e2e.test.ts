import { expect, test } from 'vitest';
import { contentPaths, renditionOf, setupPortal } from '../harness/portal.ts';

async function setup() {
  const portal = await setupPortal();
  const assets = [await portal.addPicture({ fileName: 'a.jpg' }), await portal.addPicture({ fileName: 'b.jpg' })];
  const kinds = async (user = portal.users.requester) =>
    (await portal.asset(assets[0]!.id, user)).renditions.map(({ kind, name }) => `${kind} ${name}`);
  return { ...portal, assets, assetIds: assets.map(({ id }) => id), kinds };
}

test('rule 4: with originals off, none is listed, sent by its address, or put into an archive', async () => {
  const { assets, assetIds, configure, download, fetchFile, kinds, request, unpack } = await setup();
  await configure({ originalsDownloadable: false });

  expect(await kinds()).toEqual(['static thumbnail', 'static web', 'static zoom']);
  expect((await fetchFile(renditionOf(assets[0]!, 'original'))).statusCode).toBe(404);
  const refused = await request({ assetIds, renditions: 'originals' });
  expect(refused.statusCode).toBe(422);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'visibility.originals_off' }, {}]);
  const statics = await download({ assetIds, renditions: 'originals-and-static', unavailable: 'skip' });
  expect(contentPaths(await unpack(statics)).some((path) => /^[ab]\.jpg$/.test(path))).toBe(false);
});

test('rule 4: with renditions off, none is listed, sent by its address, or put into an archive', async () => {
  const { assets, assetIds, configure, fetchFile, kinds, request } = await setup();
  await configure({ renditionsAvailable: false });

  expect(await kinds()).toEqual(['original original']);
  for (const name of ['thumbnail', 'web', 'zoom']) {
    expect((await fetchFile(renditionOf(assets[0]!, 'static', name))).statusCode).toBe(404);
  }
  const refused = await request({ assetIds, renditions: 'static' });
  expect(refused.json().outcomes).toMatchObject([{ reason: 'visibility.renditions_off' }, {}]);
});

test('rule 4: a switch that is turned off ends the links of bundles that hold what it is about', async () => {
  const { assetIds, configure, download, fetchLink } = await setup();
  const originals = await download({ assetIds, renditions: 'originals' });
  const statics = await download({ assetIds, renditions: 'static' });

  await configure({ originalsDownloadable: false });

  const refused = await fetchLink(originals);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'visibility.originals_off' }, {}]);
  expect((await fetchLink(statics)).statusCode).toBe(200);
});

test('rule 4: a switch that is turned off between request and gathering is obeyed', async () => {
  const { assetIds, configure, finished, request, startWorker, stopWorker, unpack } = await setup();
  await stopWorker();
  const body = { assetIds, renditions: 'originals-and-static', unavailable: 'skip' } as const;
  const { id } = (await request(body)).json();
  await configure({ originalsDownloadable: false });
  await startWorker();

  const paths = contentPaths(await unpack(await finished(id)));

  expect(paths).not.toContain('a.jpg');
  expect(paths).toContain('a-web.jpg');
});

test('rule 4, beyond the seed: a rule for a group keeps renditions back from its members, in lists, files and links', async () => {
  const { addGroup, assets, assetIds, configure, download, fetchFile, fetchLink, kinds, preflight, users } =
    await setup();
  const agency = await addGroup('Agency', [users.requester]);
  const ready = await download({ assetIds, renditions: 'static' });
  expect((await fetchLink(ready)).statusCode).toBe(200);

  await configure({ groupRules: [{ groupId: agency.id, effect: 'deny', kinds: ['static'], name: 'z*' }] });

  expect(await kinds()).toEqual(['original original', 'static thumbnail', 'static web']);
  expect(await kinds(users.other)).toContain('static zoom');
  expect((await fetchFile(renditionOf(assets[0]!, 'static', 'zoom'))).statusCode).toBe(404);
  expect((await fetchFile(renditionOf(assets[0]!, 'static', 'zoom'), users.other)).statusCode).toBe(200);
  const { outcomes } = await preflight({ assetIds, renditions: 'static', unavailable: 'skip' });
  expect(outcomes[0]).toMatchObject({ outcome: 'included', reason: 'visibility.rule_denied' });
  const refused = await fetchLink(ready);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'visibility.rule_denied' }, {}]);
});

test('rule 4, beyond the seed: allowing a group lifts a switch for its members alone, and denying wins over allowing', async () => {
  const { addGroup, assets, configure, fetchFile, kinds, users } = await setup();
  const [inside, outside] = [await addGroup('Inside', [users.requester]), await addGroup('Outside', [users.requester])];
  const original = renditionOf(assets[0]!, 'original');
  const allow = { groupId: inside.id, effect: 'allow' as const, kinds: ['original' as const], name: null };
  await configure({ originalsDownloadable: false, groupRules: [allow] });

  expect(await kinds()).toContain('original original');
  expect((await fetchFile(original)).statusCode).toBe(200);
  expect((await fetchFile(original, users.other)).statusCode).toBe(404);

  const deny = { groupId: outside.id, effect: 'deny' as const, kinds: [], name: 'orig*' };
  await configure({ groupRules: [allow, deny] });
  expect((await fetchFile(original)).statusCode).toBe(404);
});

test('rule 4, beyond the seed: a rule that says the opposite of another is refused, and changes nothing', async () => {
  const { addGroup, call, get, users } = await setup();
  type Version = { version: number; configuration: object };
  const group = await addGroup('Agency', []);
  const before = await get<Version>('/admin/visibility', users.administrator);
  const rule = { groupId: group.id, kinds: ['static', 'original'], name: null };

  const refused = await call('PUT', '/api/v1/admin/visibility', users.administrator, {
    configuration: {
      ...before.configuration,
      groupRules: [
        { ...rule, effect: 'allow' },
        { ...rule, effect: 'deny', kinds: ['original', 'static'] },
      ],
    },
  });

  expect(refused.statusCode).toBe(400);
  expect(refused.json().errors).toMatchObject([{ path: expect.stringContaining('/configuration/groupRules/1') }]);
  expect(await get<Version>('/admin/visibility', users.administrator)).toEqual(before);
});
