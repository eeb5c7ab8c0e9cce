import { expect, onTestFinished, test } from 'vitest';
import { expectSoundConnections } from '../../test/harness/expect-sound-connections.ts';
import { createTestDatabase } from '../../test/harness/postgres.ts';
import { openTlsRelay } from '../../test/harness/tls-relay.ts';
import { createDatabase } from './database.ts';

async function setup({ sslmode, speaksTls = true }: { sslmode: string; speaksTls?: boolean }) {
  const database = await createTestDatabase({ migrate: false });
  const relay = await openTlsRelay(database.url, { speaksTls });
  const db = createDatabase(`${relay.url}?sslmode=${sslmode}`, { maxConnections: 2 });
  onTestFinished(async () => {
    await db.close();
    await relay.close();
    await database.drop();
  });
  return { relay, db };
}

test.each(['require', 'prefer'])('sslmode=%s: connections are over TLS where the server speaks it', async (sslmode) => {
  const { relay, db } = await setup({ sslmode });
  await db.ping();
  expect(relay.secured).toBe(1);
});

test('sslmode=prefer: goes without TLS where the server has none; sslmode=require does not', async () => {
  const preferring = await setup({ sslmode: 'prefer', speaksTls: false });
  await preferring.db.ping();
  const requiring = await setup({ sslmode: 'require', speaksTls: false });
  await expect(requiring.db.ping()).rejects.toMatchObject({ code: 'service.unavailable' });
});

test('sslmode=verify-full: a certificate that nobody trusts is refused', async () => {
  const { relay, db } = await setup({ sslmode: 'verify-full' });
  await expect(db.ping()).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  expect(relay.secured).toBe(0);
});

test('where all connections over TLS end at once, none of them stays of no use', async () => {
  const { relay, db } = await setup({ sslmode: 'require' });
  await expectSoundConnections(db, relay);
  expect(relay.secured).toBeGreaterThan(6);
});
