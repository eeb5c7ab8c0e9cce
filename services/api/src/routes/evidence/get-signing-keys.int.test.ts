import { revokeSigningKey, rotateSigningKey } from '@sheaf/db/evidence/change-signing-key';
import { findSigningKey } from '@sheaf/db/evidence/find-signing-key';
import { parseKeySet } from '@sheaf/evidence/key-set';
import { newSigningKey } from '@sheaf/evidence/signing-key';
import { expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../../test/harness/api.ts';

const url = '/.well-known/sheaf-keys.json';

async function setup() {
  const api = await setupApi();
  onTestFinished(() => api.close());
  return api;
}

test('answers 200 to anybody with a JWK set that may be kept for five minutes', async () => {
  const { app, db } = await setup();
  const response = await app.inject({ url });
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('public, max-age=300');
  const key = await findSigningKey(db.orm);
  expect(response.json()).toEqual({
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: key!.publicKey.toString('base64url'),
        kid: key!.kid,
        use: 'sig',
        alg: 'EdDSA',
      },
    ],
  });
  expect([...parseKeySet(response.body)!.keys()]).toEqual([key!.kid]);
});

test('makes one key, however many ask first at once, and records that in the audit log', async () => {
  const { app, db } = await setup();
  const bodies = await Promise.all(Array.from({ length: 10 }, async () => (await app.inject({ url })).body));
  expect(new Set(bodies).size).toBe(1);
  const events = await db.orm.execute(`select record::json -> 'detail' ->> 'kid' as kid from audit_events`);
  expect([...events]).toEqual([{ kid: JSON.parse(bodies[0]!).keys[0].kid }]);
});

test('goes on listing a key that signs no more, after the one that does', async () => {
  const { app, db, clock } = await setup();
  const before = (await app.inject({ url })).json().keys;
  clock.advance(1_000);
  const { privateKey, ...key } = newSigningKey();
  await db.transaction((tx) => rotateSigningKey(tx, { ...key, sealedPrivateKey: Buffer.from(privateKey) }, clock()));
  const after = (await app.inject({ url })).json().keys;
  expect(after.map(({ kid }: { kid: string }) => kid)).toEqual([key.kid, before[0].kid]);
  expect((await findSigningKey(db.orm))?.kid).toBe(key.kid);
});

test('lists a revoked key no more, but the one that signs in its place, and the audit log says so', async () => {
  const { app, db, clock } = await setup();
  const leaked = (await app.inject({ url })).json().keys[0].kid;
  const make = () => {
    const { privateKey, ...key } = newSigningKey();
    return { ...key, sealedPrivateKey: Buffer.from(privateKey) };
  };
  const revoke = (kid: string) => db.transaction((tx) => revokeSigningKey(tx, kid, make, clock()));
  const next = await revoke(leaked);
  const listed = async () => (await app.inject({ url })).json().keys.map(({ kid }: { kid: string }) => kid);
  expect(await listed()).toEqual([next!.kid]);
  expect((await findSigningKey(db.orm))?.kid).toBe(next!.kid);
  await expect(revoke(leaked)).rejects.toMatchObject({ code: 'resource.conflict' });
  await expect(revoke('none')).rejects.toMatchObject({ code: 'resource.not_found' });
  const events = await db.orm.execute(
    `select action, record::json -> 'detail' ->> 'kid' as kid from audit_events order by seq`,
  );
  expect([...events]).toEqual([
    { action: 'key.created', kid: leaked },
    { action: 'key.revoked', kid: leaked },
    { action: 'key.created', kid: next!.kid },
  ]);
});

test('revoking a key that signs no more leaves the one that does', async () => {
  const { app, db, clock } = await setup();
  const before = (await app.inject({ url })).json().keys[0].kid;
  const { privateKey, ...key } = newSigningKey();
  await db.transaction((tx) => rotateSigningKey(tx, { ...key, sealedPrivateKey: Buffer.from(privateKey) }, clock()));
  const make = () => expect.unreachable('No key is needed.');
  expect(await db.transaction((tx) => revokeSigningKey(tx, before, make, clock()))).toBeNull();
  expect((await app.inject({ url })).json().keys).toMatchObject([{ kid: key.kid }]);
});
