import type { ApiRoute } from '../../api-deps.ts';
import { deleteToken } from './delete-token.ts';
import { getAcceptances } from './get-acceptances.ts';
import { getInbox } from './get-inbox.ts';
import { getMails } from './get-mails.ts';
import { getMe } from './get-me.ts';
import { getShared } from './get-shared.ts';
import { getTokens } from './get-tokens.ts';
import { patchPreferences } from './patch-preferences.ts';
import { postInboxItemRead } from './post-inbox-item-read.ts';
import { postInboxRead } from './post-inbox-read.ts';
import { postToken } from './post-token.ts';

export const meRoutes: ApiRoute[] = [
  getMe,
  patchPreferences,
  getInbox,
  getAcceptances,
  postInboxItemRead,
  postInboxRead,
  getShared,
  getMails,
  getTokens,
  postToken,
  deleteToken,
];
