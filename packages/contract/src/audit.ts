import { auditActions } from '@sheaf/domain/audit-event';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { idSchema, nullable, sha256Schema, timeSchema } from './scalars.ts';

/** One event of the audit log. */
export const auditEventSchema = Type.Object({
  seq: Type.Integer({ minimum: 1, description: 'From 1, without gaps.' }),
  at: timeSchema,
  actor: nullable(
    Type.Object(
      { id: idSchema, name: nullable(Type.String()), email: nullable(Type.String()) },
      {
        description: 'Null for the system itself and for the holder of a link.',
      },
    ),
  ),
  action: Type.String(),
  downloadId: nullable(idSchema),
  assetId: nullable(idSchema),
  licenceId: nullable(idSchema),
  ipAddress: nullable(Type.String()),
  userAgent: nullable(Type.String()),
  detail: Type.Record(Type.String(), Type.Unknown()),
  hash: { ...sha256Schema, description: 'Depends on this event and on all before it.' },
});
export type AuditEventJson = Static<typeof auditEventSchema>;

export const auditPageSchema = pageSchema(auditEventSchema);
export type AuditPageJson = Static<typeof auditPageSchema>;

export const auditQuerySchema = Type.Object(
  {
    userId: Type.Optional(Type.String({ format: 'uuid', description: 'Whoever did it.' })),
    assetId: Type.Optional(
      Type.String({ format: 'uuid', description: 'Events of the asset, and of the downloads that it is in.' }),
    ),
    licenceId: Type.Optional(
      Type.String({ format: 'uuid', description: 'Events of the licence, and of the downloads under it.' }),
    ),
    downloadId: Type.Optional(idSchema),
    action: Type.Optional(Type.Enum([...auditActions])),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Included.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Not included.' })),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the record.' })),
    format: Type.Optional(
      Type.Enum(['json', 'csv'], {
        description: '`csv`: all that the filters let through, as with `Accept: text/csv`.',
      }),
    ),
    ...pageQueryFields,
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof auditQuerySchema>;

const pointSchema = Type.String({
  pattern: '^\\d{1,15}:[0-9a-fA-F]{64}$',
  description: '`<seq>:<hash>`: a row of the log, as `sheaf audit verify` prints it.',
});

export const auditVerificationQuerySchema = Type.Object(
  {
    from: Type.Optional({
      ...pointSchema,
      description: '`head` of the step before: rows before it are not looked at.',
    }),
    expect: Type.Optional({ ...pointSchema, description: 'A head that was kept elsewhere: it must be there still.' }),
  },
  { additionalProperties: false },
);
export type AuditVerificationQuery = Static<typeof auditVerificationQuerySchema>;

/** One step of computing the audit log's chain anew. */
export const auditVerificationSchema = Type.Object({
  head: { ...pointSchema, description: 'The last row that holds; `0:0…` before the first one.' },
  newest: Type.Integer({ minimum: 0, description: 'The newest row that there is.' }),
  complete: Type.Boolean({ description: 'All rows were looked at; else ask again with `from=<head>`.' }),
  fault: nullable(
    Type.Object(
      {
        seq: Type.Integer(),
        kind: Type.Enum(['record', 'column', 'missing', 'order', 'point']),
        message: Type.String(),
      },
      { description: 'The first row at which the log is not what was written.' },
    ),
  ),
});
export type AuditVerificationJson = Static<typeof auditVerificationSchema>;
