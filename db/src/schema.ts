/** All tables, as drizzle wants them: one object. */
export * from './schema/auth.ts';
export * from './schema/bulk-actions.ts';
export * from './schema/bundles.ts';
export * from './schema/catalogue.ts';
export * from './schema/downloads.ts';
export * from './schema/idempotency-keys.ts';
export * from './schema/jobs.ts';
export * from './schema/links.ts';
export * from './schema/notifications.ts';
export * from './schema/operations.ts';
