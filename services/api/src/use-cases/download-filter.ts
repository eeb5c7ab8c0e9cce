import type { AdminDownloadFilter } from '@sheaf/contract/admin-download';
import type { DownloadSearch } from '@sheaf/db/download-search/download-search';
import type { DownloadState } from '@sheaf/domain/download-state';
import { invalidInput, parseOptionalTime } from '../schema-validator.ts';

const fields = [
  'ids',
  'q',
  'state',
  'requesterId',
  'requester',
  'assetId',
  'licenceId',
  'error',
  'failure',
  'delivery',
  'createdFrom',
  'createdTo',
  'finishedFrom',
  'finishedTo',
  'sizeMin',
  'sizeMax',
] as const satisfies readonly (keyof AdminDownloadFilter)[];

/** The filter within a query or a body, without what is absent. */
export function filterIn(given: AdminDownloadFilter): AdminDownloadFilter {
  return Object.fromEntries(fields.flatMap((field) => (given[field] === undefined ? [] : [[field, given[field]]])));
}

/** A filter as the database searches by it. `at` is where it stands in the request. Throws `input.invalid`. */
export function toSearch(filter: AdminDownloadFilter, at = ''): DownloadSearch {
  const { ids, state, error, ...rest } = filterIn(filter);
  const time = (field: 'createdFrom' | 'createdTo' | 'finishedFrom' | 'finishedTo') =>
    parseOptionalTime(filter[field], `${at}/${field}`) ?? undefined;
  if (filter.sizeMin !== undefined && filter.sizeMax !== undefined && filter.sizeMin > filter.sizeMax) {
    throw invalidInput([{ path: `${at}/sizeMax`, message: 'must not be less than sizeMin' }]);
  }
  return {
    ...rest,
    ids: ids?.split(','),
    errorCode: error,
    states: state === undefined ? undefined : ([...new Set(state.split(','))] as DownloadState[]),
    createdFrom: time('createdFrom'),
    createdTo: time('createdTo'),
    finishedFrom: time('finishedFrom'),
    finishedTo: time('finishedTo'),
  };
}
