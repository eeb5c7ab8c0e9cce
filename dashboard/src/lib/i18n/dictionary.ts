import type { adminTexts } from './en/admin.ts';
import type { portalTexts } from './en/portal.ts';

/** The same keys with any text; what takes parameters keeps them. */
type Translated<T> = T extends string
  ? string
  : T extends (...parameters: infer P) => string
    ? (...parameters: P) => string
    : { readonly [K in keyof T]: Translated<T[K]> };

/** What every language has to say; English is the measure. */
export type PortalTexts = Translated<typeof portalTexts>;
export type AdminTexts = Translated<typeof adminTexts>;
export type Texts = PortalTexts & { admin: AdminTexts };
