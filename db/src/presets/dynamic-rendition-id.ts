import { v5, validate, version } from 'uuid';

/** The namespace of these ids (RFC 9562), chosen once at random. */
const namespace = '5f0d9b0e-6c1c-4b39-9a53-5f3c2f1b7e64';

export interface DynamicRenditionSource {
  assetId: string;
  presetId: string;
  /** Of the rendition. */
  name: string;
  parametersKey: string;
}

/**
 * The id of a rendition that is made on demand, and has no row of its own: the same for the same source, so that a
 * preset whose parameters change has renditions of other ids.
 */
export function dynamicRenditionId({ assetId, presetId, name, parametersKey }: DynamicRenditionSource): string {
  return v5(`${assetId}/${presetId}/${name}/${parametersKey}`, namespace);
}

/** Whether an id may be one of these: the ids of rows are of version 7. */
export function isDynamicRenditionId(id: string): boolean {
  return validate(id) && version(id) === 5;
}
