import type { Actor } from './actor.ts';
import type { Asset } from './asset.ts';
import type { DownloadRequest } from './download-request.ts';
import type { Licence, RecordedAcceptance } from './licence.ts';
import type { Outcome } from './outcome.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Everything the decision depends on; nothing else does. */
export interface DecisionFacts {
  request: DownloadRequest;
  actor: Actor;
  /** Every asset of the request that exists, with all its renditions. */
  assets: Map<string, Asset>;
  /** Every licence of those assets. */
  licences: Map<string, Licence>;
  /** The actor's acceptances as recorded. Those of the request itself are in `request.acceptLicences`. */
  acceptances: RecordedAcceptance[];
  /** The download that is decided again; null while it is only asked for. */
  downloadId: string | null;
  visibility: VisibilityConfiguration;
  now: Date;
}

/** A licence that the selection needs, with its assets, for the dialog (rule 7). */
export interface LicenceNeed {
  licenceId: string;
  title: string;
  approved: boolean;
  /** The terms in force; null when there is no document. */
  sha256: string | null;
  /** Of the terms in force; 0 when there is no document. */
  version: number;
  accepted: boolean;
  assetIds: string[];
}

export interface PlannedPart {
  number: number;
  assets: number;
  entries: number;
  /** Sum of the entries' known sizes in bytes, without the archive's own headers. */
  contentSize: number;
}

/** The decision about one request. Pure function of `DecisionFacts`. */
export interface DownloadDecision {
  /** One per requested asset, in the order of the request. */
  outcomes: Outcome[];
  counts: { assets: number; included: number; excluded: number; entries: number; renamed: number };
  /** Sum of the known sizes of all entries, in bytes. */
  contentSize: number;
  /** Entries whose size is not known yet, because they are still to be rendered. */
  entriesToRender: number;
  /** What those will have in bytes, judged by their dimensions; see `estimateRenderSize`. */
  renderEstimate: number;
  licences: LicenceNeed[];
  /** Expired assets among the visible ones of the selection (rule 8). */
  expired: { assetId: string; title: string; expiresAt: Date }[];
  expiring: { assetId: string; title: string; expiresAt: Date; days: number }[];
  parts: PlannedPart[];
  /** Rule 10. */
  background: boolean;
  /** Rule 10: the one original that is sent as it is. */
  direct: { assetId: string; renditionId: string } | null;
  /** When the first of the included assets and their licences expires; null where none does. */
  contentEndsAt: Date | null;
  /** Earliest end among TTL, included assets' and their licences' expiry. */
  expiresAt: Date;
  /** Whether the request may go on; else the code that refuses it. */
  verdict: 'allowed' | 'download.empty' | 'download.assets_refused' | 'download.too_many_assets';
}
