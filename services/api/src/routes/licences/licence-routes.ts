import type { ApiRoute } from '../../api-deps.ts';
import { getLicence } from './get-licence.ts';
import { getLicenceDocument } from './get-licence-document.ts';
import { getLicences } from './get-licences.ts';
import { patchLicence } from './patch-licence.ts';
import { postLicence } from './post-licence.ts';

export const licenceRoutes: ApiRoute[] = [getLicences, getLicence, getLicenceDocument, postLicence, patchLicence];
