const pattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Most characters of a name of a preset, profile or crop. */
export const maxDefinitionName = 64;

/**
 * Whether a preset, profile or crop may have this name: lower-case letters and digits, with single hyphens between them.
 * It becomes part of file names, and is what rules for groups go by. `original` is taken.
 */
export function isDefinitionName(name: string): boolean {
  return name.length <= maxDefinitionName && name !== 'original' && pattern.test(name);
}
