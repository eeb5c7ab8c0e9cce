import { createSealer } from '@sheaf/runtime/seal';
import type { Sealers } from './api-deps.ts';

/** The worker makes `link`, `webhook`, `mail` and `signing` with the same purposes: what one seals the other opens. */
export function createSealers(secretKey: string): Sealers {
  return {
    link: createSealer(secretKey, 'link'),
    webhook: createSealer(secretKey, 'webhook'),
    mail: createSealer(secretKey, 'mail'),
    signing: createSealer(secretKey, 'signing'),
    answer: createSealer(secretKey, 'answer'),
  };
}
