import type { ApiRoute } from '../../api-deps.ts';
import { getLicence } from './get-licence.ts';
import { getLicenceAcceptances } from './get-licence-acceptances.ts';
import { getLicenceDocument } from './get-licence-document.ts';
import { getLicenceVersionDocument } from './get-licence-version-document.ts';
import { getLicenceVersions } from './get-licence-versions.ts';
import { getLicences } from './get-licences.ts';
import { patchLicence } from './patch-licence.ts';
import { postLicence } from './post-licence.ts';

export const licenceRoutes: ApiRoute[] = [
  getLicences,
  getLicence,
  getLicenceDocument,
  getLicenceVersions,
  getLicenceVersionDocument,
  getLicenceAcceptances,
  postLicence,
  patchLicence,
];
