import { recordStatements } from '@sheaf/db/testing/record-statements';
import { expect, test } from 'vitest';
import { setupDerivatives } from '../../../../test/harness/derivatives.ts';
import { authoriseRendition } from './authorise-rendition.ts';

test('a rendition that is made on demand is found with one statement a table', async () => {
  const { addPicture, addImagePreset, onDemand, databaseUrl, users } = await setupDerivatives();
  await addImagePreset();
  const assetId = await addPicture('a.jpg');
  const renditionId = (await onDemand(assetId))[0]!.id;
  const actor = { groups: [], id: users.requester.id, role: 'requester' as const, dynamicRenditions: true };

  const { selectsFrom } = await recordStatements(databaseUrl, (executor) => {
    const found = authoriseRendition(executor, { actor, assetId, renditionId, now: new Date() });
    return found.then(({ rendition }) => expect(rendition.id).toBe(renditionId));
  });

  expect(selectsFrom).toEqual({ assets: 1, renditions: 1, visibility_versions: 1, presets: 1, derivatives: 1 });
});
