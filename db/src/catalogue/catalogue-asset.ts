import type { Asset } from '@sheaf/domain/asset';

/** An asset with what the catalogue knows beyond the decision's needs. */
export interface CatalogueAsset extends Asset {
  /** With `folder`, the asset's place in the catalogue. */
  fileName: string;
  /** Of the original. */
  mediaType: string;
  createdBy: { id: string; name: string } | null;
  createdAt: Date;
  updatedAt: Date;
}
