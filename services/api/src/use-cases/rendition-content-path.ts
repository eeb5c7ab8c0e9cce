/** Where the bytes of one rendition are. */
export function renditionContentPath({ assetId, renditionId }: { assetId: string; renditionId: string }): string {
  return `/api/v1/assets/${assetId}/renditions/${renditionId}/content`;
}

/** Where a small picture is of a rendition that is made on demand. */
export function renditionPreviewPath({ assetId, renditionId }: { assetId: string; renditionId: string }): string {
  return `/api/v1/assets/${assetId}/renditions/${renditionId}/preview`;
}
