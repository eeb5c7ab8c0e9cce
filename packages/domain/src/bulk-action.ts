/** What can be done to many downloads at once. */
export const bulkActionKinds = ['retry', 'cancel', 'revoke'] as const;
export type BulkActionKind = (typeof bulkActionKinds)[number];

/**
 * `previewed`: its targets are written down and nothing is done yet; forgotten after a while. Then
 * `queued -> running -> done`, or `cancelled` from either, with what was done until then.
 */
export const bulkActionStates = ['previewed', 'queued', 'running', 'done', 'cancelled'] as const;
export type BulkActionState = (typeof bulkActionStates)[number];
