import type { Settings } from '@sheaf/runtime/settings';

/** How this instance signs people in with an identity provider. */
export interface OidcConfiguration {
  /** Without a trailing slash. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  clientAuth: 'basic' | 'post';
  /** What people know the provider as. */
  name: string;
  scopes: string[];
  groupsClaim: string;
  /** Values of the groups claim that give a role; both null: roles are managed here. */
  adminGroup: string | null;
  contributorGroup: string | null;
  /** Where people reach this instance, and where the provider sends them back to. */
  publicUrl: string;
}

const needed = ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'] as const;

/** Null where no identity provider is set. Throws where one is, and not all that it takes. */
export function oidcConfiguration(settings: Settings): OidcConfiguration | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (issuer === undefined) return null;
  const { PUBLIC_URL: publicUrl } = settings;
  if (clientId === undefined || clientSecret === undefined || publicUrl === undefined) {
    const missing = needed.filter((name) => settings[name] === undefined);
    throw new Error(`OIDC_ISSUER is set: ${missing.join(' and ')} must be set, too.`);
  }
  return {
    issuer,
    clientId,
    clientSecret,
    clientAuth: settings.OIDC_CLIENT_AUTH,
    name: settings.OIDC_NAME,
    scopes: settings.OIDC_SCOPES.split(/\s+/).filter(Boolean),
    groupsClaim: settings.OIDC_GROUPS_CLAIM,
    adminGroup: settings.OIDC_ADMIN_GROUP ?? null,
    contributorGroup: settings.OIDC_CONTRIBUTOR_GROUP ?? null,
    publicUrl,
  };
}
