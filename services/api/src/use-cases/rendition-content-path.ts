/** Where the bytes of one rendition are. */
export function renditionContentPath({ assetId, renditionId }: { assetId: string; renditionId: string }): string {
  return `/api/v1/assets/${assetId}/renditions/${renditionId}/content`;
}
