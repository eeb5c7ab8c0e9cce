/** A file name without its extension; a name that starts with its only dot has none. */
export function nameStem(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 ? fileName.slice(0, dot) : fileName;
}

/** A file name's extension in lower case, without the dot; empty where it has none. */
export function nameExtension(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 ? fileName.slice(dot + 1).toLowerCase() : '';
}
