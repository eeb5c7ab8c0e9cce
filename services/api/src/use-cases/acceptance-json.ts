import type { AcceptanceEvidenceJson, AcceptanceJson } from '@sheaf/contract/acceptance';
import type { AcceptanceRecord } from '@sheaf/db/catalogue/list-acceptances';

/** An acceptance as the one who gave it sees it. */
export function acceptanceJson(acceptance: AcceptanceRecord): AcceptanceJson {
  const { id, licence, version, sha256, downloadId, assetId, acceptedAt } = acceptance;
  return { id, licence, version, sha256, downloadId, assetId, acceptedAt: acceptedAt.toISOString() };
}

/** An acceptance as administrators see it: who gave it, and from where. */
export function acceptanceEvidenceJson(acceptance: AcceptanceRecord): AcceptanceEvidenceJson {
  const { user, ipAddress, userAgent } = acceptance;
  return { ...acceptanceJson(acceptance), user, ipAddress, userAgent };
}
