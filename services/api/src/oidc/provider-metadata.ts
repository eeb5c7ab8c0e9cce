import { AppError } from '@sheaf/domain/app-error';
import { askProvider } from './ask-provider.ts';

/** Where an identity provider does what, by its discovery document. */
export interface ProviderMetadata {
  issuer: string;
  discoveryUrl: string;
  tokenEndpoint: string;
  userinfoEndpoint: string | null;
}

/**
 * Reads the discovery document of an issuer. Throws `service.unavailable` where it cannot be had, and `internal` where it
 * is not that issuer's: it would vouch for somebody else's users.
 */
export async function readProviderMetadata(issuer: string): Promise<ProviderMetadata> {
  const discoveryUrl = `${issuer}/.well-known/openid-configuration`;
  const document = await askProvider(discoveryUrl, {});
  if (typeof document.issuer !== 'string' || document.issuer.replace(/\/$/, '') !== issuer) {
    throw new AppError('internal', 'The identity provider is not the one that OIDC_ISSUER names.', {
      detail: { issuer: document.issuer },
    });
  }
  if (typeof document.token_endpoint !== 'string') {
    throw new AppError('internal', 'The identity provider names no token endpoint.');
  }
  const { userinfo_endpoint: userinfo } = document;
  return {
    issuer: document.issuer,
    discoveryUrl,
    tokenEndpoint: document.token_endpoint,
    userinfoEndpoint: typeof userinfo === 'string' ? userinfo : null,
  };
}
