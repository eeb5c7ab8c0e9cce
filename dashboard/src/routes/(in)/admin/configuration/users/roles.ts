/** From the least to the most. */
export const roles = ['requester', 'contributor', 'auditor', 'administrator'] as const;
