import { type SettingDefinition, type SettingsOf, setting } from './setting.ts';

/**
 * Everything that can be set from outside, in the order in which the README's table shows it.
 * A setting without a default may be absent.
 */
export const settingDefinitions = {
  PORT: setting.integer({ doc: 'Port of the HTTP server; 0 picks a free one.', default: 8080, min: 0, max: 65_535 }),
  HOST: setting.text({ doc: 'Address the HTTP server listens on.', default: '127.0.0.1' }),
  PUBLIC_URL: setting.url({
    doc: 'Where people reach the service; used in emails, webhooks and cookies. Derived from HOST and PORT when absent.',
    protocols: ['http:', 'https:'],
  }),
  DATA_DIR: setting.text({
    doc: 'Folder for blobs, bundles, the embedded database and generated secrets.',
    default: './data',
  }),
  DATABASE_URL: setting.url({
    doc: 'PostgreSQL 18 or newer. Absent: an embedded PostgreSQL in DATA_DIR (`sheaf start` only).',
    protocols: ['postgres:', 'postgresql:'],
    secret: true,
  }),
  REDIS_URL: setting.url({
    doc: 'Redis with `maxmemory-policy noeviction` for the queues. Absent: the queues live in PostgreSQL.',
    protocols: ['redis:', 'rediss:'],
    secret: true,
  }),
  SECRET_KEY: setting.text({
    doc: 'At least 32 characters; signs sessions and seals stored secrets. Absent: generated in DATA_DIR (`sheaf start` only).',
    minLength: 32,
    secret: true,
  }),
  SMTP_URL: setting.url({
    doc: 'Mail server, such as `smtp://user:password@mail.example.com:587`. Absent: messages are kept and shown in the dashboard.',
    protocols: ['smtp:', 'smtps:'],
    secret: true,
  }),
  MAIL_FROM: setting.text({ doc: 'Sender of emails.', default: 'Sheaf <sheaf@localhost>' }),
  WEBHOOK_ALLOWED_ADDRESSES: setting.list({
    doc: 'Private addresses or CIDR ranges that webhooks may call, comma-separated. Absent: public addresses only.',
  }),
  MAX_UPLOAD_BYTES: setting.integer({ doc: 'Largest file that `POST /assets` takes.', default: 5_000_000_000, min: 1 }),
  RATE_LIMIT_PER_MINUTE: setting.integer({ doc: 'Requests per minute and caller on the API.', default: 600, min: 1 }),
  EVENT_STREAMS_PER_USER: setting.integer({
    doc: 'Event streams that one user may have open on one api process.',
    default: 20,
    min: 1,
    max: 5_000,
  }),
  TRUST_PROXY: setting.list({ doc: 'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-* headers count.' }),
  DELIVERY: setting.choice({
    doc: 'How stored ZIP archives are delivered: `streamed` from the stored files, ready at once and without a copy, or `packed` into a file of their own first. `auto`: streamed where this service reads the stored files itself. All others are packed.',
    choices: ['auto', 'streamed', 'packed'],
    default: 'auto',
  }),
  WORKER_CONCURRENCY: setting.integer({
    doc: 'Downloads that one worker gathers or packs at once.',
    default: 2,
    min: 1,
    max: 64,
  }),
  RENDER_PROCESSES: setting.integer({
    doc: 'Pictures that one worker makes on demand at once, each in a process of its own.',
    default: 2,
    min: 1,
    max: 64,
  }),
  RENDER_MEMORY_MB: setting.integer({
    doc: 'Memory that making one of them may take, in megabytes; above it, that picture has failed.',
    default: 1_024,
    min: 128,
    max: 65_536,
  }),
  RENDER_SECONDS: setting.integer({
    doc: 'Time that making one of them may take.',
    default: 30,
    min: 1,
    max: 240,
  }),
  RENDER_WAIT_SECONDS: setting.integer({
    doc: 'How long a request for a picture that is still to be made waits for it.',
    default: 20,
    min: 0,
    max: 60,
  }),
  LEASE_SECONDS: setting.integer({
    doc: 'A download whose worker has been silent for so long is taken over by another.',
    default: 10,
    min: 2,
    max: 3_600,
  }),
  DRAIN_SECONDS: setting.integer({
    doc: 'How long running work may go on after SIGTERM.',
    default: 15,
    min: 0,
    max: 3_600,
  }),
  STORAGE_STALL_SECONDS: setting.integer({
    doc: 'A read of a stored file that gets nothing for so long has failed: the step is tried again, an answer is broken off.',
    default: 60,
    min: 1,
    max: 3_600,
  }),
  SCRUB_BYTES_PER_SECOND: setting.integer({
    doc: 'Bytes per second that are read, on one worker at a time, to see whether stored files are still what they were; 0 reads none.',
    default: 20_000_000,
    min: 0,
  }),
  SCRUB_DAYS: setting.integer({
    doc: 'A stored file is read again when nobody has verified it for so many days; 0 reads none.',
    default: 30,
    min: 0,
    max: 3_650,
  }),
  UNUSED_FILE_DAYS: setting.integer({
    doc: 'A stored file that nothing uses any more, as those of a deleted asset, is removed after so many days.',
    default: 7,
    min: 1,
    max: 3_650,
  }),
  OIDC_ISSUER: setting.url({
    doc: 'Identity provider (OpenID Connect) to sign in with, as its discovery document names it. Takes OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and PUBLIC_URL, too; the redirect URI to register there is `<PUBLIC_URL>/api/auth/callback/oidc`.',
    protocols: ['http:', 'https:'],
  }),
  OIDC_CLIENT_ID: setting.text({ doc: 'Id of this client at the identity provider.' }),
  OIDC_CLIENT_SECRET: setting.text({ doc: 'Secret of this client at the identity provider.', secret: true }),
  OIDC_CLIENT_AUTH: setting.choice({
    doc: 'How the client sends its secret to the token endpoint: `basic` in an HTTP header (OpenID Connect calls it `client_secret_basic`), `post` in the form (`client_secret_post`).',
    choices: ['basic', 'post'],
    default: 'basic',
  }),
  OIDC_NAME: setting.text({ doc: 'What the sign-in page calls the identity provider.', default: 'single sign-on' }),
  OIDC_SCOPES: setting.text({
    doc: 'Scopes that are asked for, with spaces between.',
    default: 'openid profile email',
  }),
  OIDC_GROUPS_CLAIM: setting.text({
    doc: "Claim with the names of the user's groups: a text or a list of them. A path such as `realm_access.roles` leads into objects.",
    default: 'groups',
  }),
  OIDC_ADMIN_GROUP: setting.text({
    doc: 'Value of that claim that makes an administrator. With neither this nor OIDC_CONTRIBUTOR_GROUP, roles are managed here.',
  }),
  OIDC_CONTRIBUTOR_GROUP: setting.text({ doc: 'Value of that claim that makes a contributor.' }),
  LOG_LEVEL: setting.choice({
    doc: 'Least important log lines shown.',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
} as const satisfies Record<string, SettingDefinition<unknown>>;

export type SettingName = keyof typeof settingDefinitions;
export type Settings = SettingsOf<typeof settingDefinitions>;
