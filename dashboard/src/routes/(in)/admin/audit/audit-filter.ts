import type { AuditFilter } from '#lib/api/audit.ts';

const fields = ['userId', 'assetId', 'licenceId', 'downloadId', 'action', 'from', 'to', 'q'] as const;

/** The filter that an address says: what it does not know is left out. */
export function filterOf(parameters: Pick<URLSearchParams, 'get'>): AuditFilter {
  const given = fields.flatMap((field) => {
    const value = parameters.get(field);
    return value ? [[field, value]] : [];
  });
  return Object.fromEntries(given);
}

/** A filter's part of an address, with its question mark; never empty, so that it leads to no filter, too. */
export function searchOf(filter: AuditFilter): string {
  const parameters = new URLSearchParams();
  for (const field of fields) if (filter[field]) parameters.set(field, filter[field]);
  return `?${parameters}`;
}

export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim());

export const subjectFields = ['assetId', 'downloadId', 'licenceId'] as const;
export type SubjectField = (typeof subjectFields)[number];
