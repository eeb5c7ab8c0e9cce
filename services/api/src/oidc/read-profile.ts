import { askProvider } from './ask-provider.ts';
import type { Claims } from './claim-values.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/** What Sheaf takes from a provider's claims about a user. */
export interface Profile {
  sub: string;
  email: string | undefined;
  emailVerified: boolean;
  name: string;
  [other: string]: unknown;
}

/**
 * What the provider says about the user: the claims of the ID token, whose signature has been checked before, and beside
 * them those of the userinfo endpoint, where many providers keep the groups.
 */
export async function readClaims(
  { userinfoEndpoint }: ProviderMetadata,
  tokens: { idToken: string; accessToken?: string | undefined },
): Promise<Claims> {
  const signed = JSON.parse(Buffer.from(tokens.idToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
  if (userinfoEndpoint === null || tokens.accessToken === undefined) return signed;
  const info = await askProvider(userinfoEndpoint, { headers: { authorization: `Bearer ${tokens.accessToken}` } });
  // OpenID Connect Core 5.3.2: an answer about somebody else must not be used.
  if (info.sub !== signed.sub) throw new Error('The userinfo endpoint answered about another user.');
  return mergeClaims(signed, info);
}

/**
 * The ID token's claims, and beside them those of the userinfo endpoint. The address and whether it is verified come from
 * the same one of them: people may name any address there, and a flag about one says nothing about the other.
 */
export function mergeClaims(signed: Claims, info: Claims): Claims {
  const addressed = textOf(signed.email) === undefined ? info : signed;
  return { ...info, ...signed, email: addressed.email, email_verified: addressed.email_verified };
}

/** Only `email_verified: true` makes an address verified; some providers write it as text. */
export function profileOf(claims: Claims): Profile {
  const email = textOf(claims.email);
  return {
    sub: String(claims.sub),
    email,
    emailVerified: claims.email_verified === true || claims.email_verified === 'true',
    name: textOf(claims.name) ?? textOf(claims.preferred_username) ?? email?.split('@')[0] ?? '',
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim.trim() !== '' ? claim.trim().slice(0, 200) : undefined;
}
