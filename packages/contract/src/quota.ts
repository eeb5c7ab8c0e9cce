import { type Static, Type } from 'typebox';
import { idSchema, nullable } from './scalars.ts';

/** Limits on what one user, or all members of a group together, may ask for; null: no limit. */
export const quotaSchema = Type.Object(
  {
    bytes: nullable(Type.Integer({ minimum: 0, description: 'Within the last `periodHours`.' })),
    periodHours: Type.Integer({ minimum: 1, maximum: 8_784 }),
    concurrentDownloads: nullable(Type.Integer({ minimum: 0, description: 'In preparation at a time.' })),
    assetsPerDownload: nullable(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export type QuotaJson = Static<typeof quotaSchema>;

/** Whose quota it is. */
export const quotaSubjectSchema = Type.Object({
  kind: Type.Enum(['user', 'group']),
  id: idSchema,
  name: Type.String(),
});

/** A quota that a user is under. Bytes are those of the last `periodHours`; a group's members share all of it. */
export const quotaUseSchema = Type.Object({
  subject: quotaSubjectSchema,
  limits: quotaSchema,
  used: Type.Object({ bytes: Type.Integer(), concurrentDownloads: Type.Integer() }),
  left: Type.Object({
    bytes: nullable(Type.Integer({ minimum: 0 })),
    concurrentDownloads: nullable(Type.Integer({ minimum: 0 })),
    assetsPerDownload: nullable(Type.Integer({ minimum: 0 })),
  }),
});
export type QuotaUseJson = Static<typeof quotaUseSchema>;

/** The limit that is in the way; these fields are in the problem `quota.exceeded`, too. */
export const quotaExcessSchema = Type.Object({
  quota: Type.Enum(['bytes', 'concurrentDownloads', 'assetsPerDownload']),
  subject: quotaSubjectSchema,
  limit: Type.Integer(),
  used: Type.Integer(),
  asked: Type.Integer(),
  left: Type.Integer({ minimum: 0 }),
  retryAfter: Type.Integer({
    minimum: 1,
    description: "Seconds, also in `Retry-After`; the quota's whole period where waiting does not help.",
  }),
});
export type QuotaExcessJson = Static<typeof quotaExcessSchema>;
