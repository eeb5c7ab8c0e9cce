export interface FormFile {
  name: string;
  bytes: Uint8Array;
}

/** A multipart form as `inject` takes it: the fields, then the file. `order` puts the file first, which is an error. */
export async function form(
  fields: Record<string, string>,
  file: FormFile | null,
  { order = 'file-last' }: { order?: 'file-last' | 'file-first' } = {},
): Promise<{ payload: Buffer; headers: { 'content-type': string } }> {
  const data = new FormData();
  const addFile = () => {
    if (file) data.append('file', new Blob([Uint8Array.from(file.bytes)]), file.name);
  };
  if (order === 'file-first') addFile();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  if (order === 'file-last') addFile();
  const encoded = new Response(data);
  return {
    payload: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  };
}
