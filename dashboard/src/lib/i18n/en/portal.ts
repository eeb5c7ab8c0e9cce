import { asset } from './asset.ts';
import { assets } from './assets.ts';
import { common } from './common.ts';
import { downloads } from './downloads.ts';
import { inbox } from './inbox.ts';
import { preferences } from './preferences.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { request } from './request.ts';
import { shared } from './shared.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { upload } from './upload.ts';

export const portalTexts = {
  common,
  problems,
  reasons,
  shell,
  signIn,
  assets,
  asset,
  request,
  downloads,
  inbox,
  preferences,
  shared,
  upload,
};
