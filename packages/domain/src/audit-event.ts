/** What the audit log records, as `<subject>.<what happened>`. */
export const auditActions = [
  'download.requested',
  'download.direct',
  'download.ready',
  'download.failed',
  'download.quarantined',
  'download.released',
  'download.cancelled',
  'download.retried',
  'download.revoked',
  'download.viewed',
  'notification.redelivered',
  'bulk.requested',
  'bulk.cancelled',
  'bulk.finished',
  'link.created',
  'link.revoked',
  'bundle.accessed',
  'bundle.refused',
  'file.accessed',
  'licence.accepted',
  'licence.created',
  'licence.changed',
  'asset.added',
  'asset.changed',
  'asset.deleted',
  'blob.faulty',
  'blob.whole',
  'preset.created',
  'preset.changed',
  'preset.deleted',
  'visibility.changed',
  'queue.paused',
  'queue.resumed',
  'queue.changed',
  'retention.changed',
  'group.created',
  'group.changed',
  'group.deleted',
  'user.created',
  'user.changed',
  'user.password_changed',
  'user.signed_in',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.secret_rotated',
  'webhook.disabled',
  'key.created',
  'key.revoked',
  'installation.repaired',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One thing that somebody did. What is absent does not apply. */
export interface AuditEvent {
  at: Date;
  /** The user; absent for the system itself and for the holder of a link. */
  actorId?: string | null | undefined;
  action: AuditAction;
  downloadId?: string | null | undefined;
  assetId?: string | null | undefined;
  licenceId?: string | null | undefined;
  ipAddress?: string | null | undefined;
  userAgent?: string | null | undefined;
  /** Facts that are worth keeping, as JSON; never secrets. */
  detail?: Record<string, unknown> | undefined;
}
