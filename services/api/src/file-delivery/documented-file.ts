const bytes = { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } };

/** The answers to a request for a file, for the documentation. */
export const documentedFile = {
  200: { description: 'The whole file, with its strong ETag and exact length', ...bytes },
  206: { description: 'The range that was asked for; several, up to 32, as `multipart/byteranges`', ...bytes },
  304: { description: 'The caller has this file already', type: 'null' },
};
