import type { Claim } from '@sheaf/db/downloads/claim-download';
import type { Settings } from '@sheaf/runtime/settings';
import type { Storage } from '@sheaf/storage/file-storage';

/**
 * How a part comes to whoever downloads it: `streamed` from the stored files; `packed` into an object with the same
 * bytes; `compressed` into an object whose bytes are known only once it is written, as those of a tar are.
 */
export type Delivery = 'streamed' | 'packed' | 'compressed';

/** Any blob's name: whether there is a path at all is a question of the driver. */
const someBlob = '0'.repeat(64);

export function chooseDelivery(
  { format, compression }: Pick<Claim['request'], 'format' | 'compression'>,
  { DELIVERY }: Pick<Settings, 'DELIVERY'>,
  { blobs }: Pick<Storage, 'blobs'>,
): Delivery {
  if (format !== 'zip' || compression !== 'store') return 'compressed';
  if (DELIVERY !== 'auto') return DELIVERY;
  return blobs.path(someBlob) === null ? 'packed' : 'streamed';
}
