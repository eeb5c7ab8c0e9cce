import { ensureSigningKey } from '@sheaf/db/evidence/change-signing-key';
import { listSigningKeys } from '@sheaf/db/evidence/list-signing-keys';
import { publicJwk } from '@sheaf/evidence/key-set';
import { newSigningKey } from '@sheaf/evidence/signing-key';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';

const maxAgeSeconds = 300;

const keySetSchema = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      x: Type.String(),
      kid: Type.String(),
      use: Type.Literal('sig'),
      alg: Type.Literal('EdDSA'),
    }),
  ),
});

/** The public keys that receipts are checked against: also those that sign no more, but none that was revoked. The first request makes the first. */
export const getSigningKeys: ApiRoute = (app, { db, sealers, clock }) => {
  const schema = {
    tags: ['evidence'],
    summary: 'Public keys that verify the receipts in archives, as a JWK set',
    security: [],
    response: { 200: keySetSchema },
  };
  function make() {
    const { privateKey, ...key } = newSigningKey();
    return { ...key, sealedPrivateKey: sealers.signing.seal(privateKey) };
  }
  app.get('/.well-known/sheaf-keys.json', { schema }, async (_request, reply) => {
    const known = await listSigningKeys(db.orm);
    const keys = known.length > 0 ? known : [await db.transaction((tx) => ensureSigningKey(tx, make, clock()))];
    reply.header('cache-control', `public, max-age=${maxAgeSeconds}`);
    return { keys: keys.map(({ publicKey }) => publicJwk(publicKey)) };
  });
};
