/** Bytes that the largest request the contract allows takes: 100,000 ids of 39 bytes, and 1,000 acceptances. */
export const requestBodyLimit = 4_500_000;
