import { askProvider } from './ask-provider.ts';
import type { OidcConfiguration } from './oidc-configuration.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

export interface AuthorisationCode {
  code: string;
  codeVerifier?: string | undefined;
  redirectURI: string;
}

export interface ProviderTokens {
  accessToken: string;
  idToken: string;
}

/** Redeems an authorisation code (RFC 6749, 4.1.3, and RFC 7636). Throws where the provider does not honour it. */
export async function exchangeCode(
  { tokenEndpoint }: ProviderMetadata,
  { clientId, clientSecret, clientAuth }: OidcConfiguration,
  { code, codeVerifier, redirectURI }: AuthorisationCode,
): Promise<ProviderTokens> {
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectURI });
  if (codeVerifier !== undefined) form.set('code_verifier', codeVerifier);
  const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' });
  if (clientAuth === 'basic') {
    headers.set(
      'authorization',
      `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`,
    );
  } else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const answer = await askProvider(tokenEndpoint, {
    method: 'POST',
    headers: Object.fromEntries(headers),
    body: form.toString(),
  });
  const { access_token: accessToken, id_token: idToken } = answer;
  if (typeof accessToken !== 'string' || typeof idToken !== 'string') throw new Error('The provider gave no ID token.');
  return { accessToken, idToken };
}

/** As RFC 6749 wants both halves of the credentials: form-encoded. */
function encoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
