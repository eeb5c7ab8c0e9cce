import { invalidInput } from '../schema-validator.ts';

/**
 * A webhook's address as it is kept. Which addresses may be called is decided at each delivery, when the name is
 * resolved. Throws `input.invalid`.
 */
export function webhookUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalidInput([{ path: '/url', message: 'must be an http or https address' }]);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidInput([{ path: '/url', message: 'must not hold credentials' }]);
  }
  url.hash = '';
  return url.href;
}
