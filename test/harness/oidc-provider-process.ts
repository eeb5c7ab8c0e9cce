import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** Run by `startOidcProvider` with its options as JSON in the first argument: one identity provider, until it is ended. */
const { port, clientId, clientSecret, redirectUri } = JSON.parse(process.argv[2]!);
const accounts = new Map<string, Record<string, unknown>>();

process.on('message', ({ sub, claims }: { sub: string; claims: Record<string, unknown> }) => {
  accounts.set(sub, claims);
  process.send?.({ known: sub });
});

const provider: Provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'realm_access'] },
  scopes: ['openid', 'email', 'profile'],
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ['a key for tests'] },
  ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
  async findAccount(_context, sub) {
    const claims = accounts.get(sub);
    if (claims === undefined) return undefined;
    const { idToken, ...told } = claims;
    return {
      accountId: sub,
      claims: async (use) => ({ sub, ...(use === 'id_token' ? (idToken as object | undefined) : told) }),
    };
  },
  // Nobody is asked for consent.
  async loadExistingGrant({ oidc }) {
    const { client, session } = oidc;
    const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

createServer(provider.callback()).listen(port, '127.0.0.1', () => process.send?.('ready'));
