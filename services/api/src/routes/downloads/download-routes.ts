import { cancelDownload } from '@sheaf/downloads/cancel-download';
import { retryDownload } from '@sheaf/downloads/retry-download';
import { revokeDownload } from '@sheaf/downloads/revoke-download';
import type { ApiRoute } from '../../api-deps.ts';
import { readRenditionContent } from '../renditions/read-rendition-content.ts';
import { changeRoute } from './change-route.ts';
import { deleteLink } from './delete-link.ts';
import { getDownloadRoute } from './get-download.ts';
import { getDownloadEvents } from './get-download-events.ts';
import { getDownloadItems } from './get-download-items.ts';
import { getDownloads } from './get-downloads.ts';
import { getDownloadsEvents } from './get-downloads-events.ts';
import { getLinks } from './get-links.ts';
import { getStanding } from './get-standing.ts';
import { postDownload } from './post-download.ts';
import { postLink } from './post-link.ts';
import { postPreflight } from './post-preflight.ts';

/** Registered under `/api/v1`. */
export const downloadRoutes: ApiRoute[] = [
  postPreflight,
  postDownload,
  getDownloads,
  getDownloadsEvents,
  getDownloadRoute,
  getDownloadEvents,
  getDownloadItems,
  changeRoute({ action: 'cancel', summary: 'Cancel before it is ready', status: 200, change: cancelDownload }),
  changeRoute({
    action: 'retry',
    summary: 'Start over on a fresh decision, or take the rest of a bundle',
    status: 202,
    change: retryDownload,
  }),
  changeRoute({ action: 'revoke', summary: 'End it and all its links', status: 200, change: revokeDownload }),
  getStanding,
  getLinks,
  postLink,
  deleteLink,
  readRenditionContent,
];
