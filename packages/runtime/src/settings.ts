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
  TRUST_PROXY: setting.list({ doc: 'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-* headers count.' }),
  WORKER_CONCURRENCY: setting.integer({
    doc: 'Downloads that one worker gathers or packs at once.',
    default: 2,
    min: 1,
    max: 64,
  }),
  LEASE_SECONDS: setting.integer({
    doc: 'A download whose worker has been silent for so long is taken over by another.',
    default: 15,
    min: 2,
    max: 3_600,
  }),
  DRAIN_SECONDS: setting.integer({
    doc: 'How long running work may go on after SIGTERM.',
    default: 15,
    min: 0,
    max: 3_600,
  }),
  LOG_LEVEL: setting.choice({
    doc: 'Least important log lines shown.',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
} as const satisfies Record<string, SettingDefinition<unknown>>;

export type SettingName = keyof typeof settingDefinitions;
export type Settings = SettingsOf<typeof settingDefinitions>;
