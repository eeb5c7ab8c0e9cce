import type { ApiRoute } from '../../../api-deps.ts';
import { getAdminDownloads } from './get-admin-downloads.ts';
import { getBulkAction } from './get-bulk-action.ts';
import { getBulkActions } from './get-bulk-actions.ts';
import { getBulkResults } from './get-bulk-results.ts';
import { getDownloadAccesses } from './get-download-accesses.ts';
import { getDownloadCount } from './get-download-count.ts';
import { getDownloadDetail } from './get-download-detail.ts';
import { getFailures } from './get-failures.ts';
import { getRequesterView } from './get-requester-view.ts';
import { postBulk } from './post-bulk.ts';
import { postBulkCancel } from './post-bulk-cancel.ts';
import { postRedeliver } from './post-redeliver.ts';

export const adminDownloadRoutes: ApiRoute[] = [
  getAdminDownloads,
  getDownloadCount,
  postBulk,
  getBulkActions,
  getBulkAction,
  getBulkResults,
  postBulkCancel,
  getDownloadDetail,
  getDownloadAccesses,
  getRequesterView,
  postRedeliver,
  getFailures,
];
