/** The text itself in a LIKE pattern, where `%`, `_` and `\` mean something else. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
