import type { DownloadRequest } from './download-request.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/**
 * Rates behind the estimate of rule 10, pessimistic on purpose: a download that turns out quicker than said does no
 * harm, one that is slower leaves somebody in front of a spinner.
 */
const preparationRates = {
  /** One static rendition of a 24-megapixel photograph takes 0.2 to 0.6 s on one core; others wait for that core too. */
  secondsPerRender: 1,
  /** Stored bytes are copied at 250 MB/s and more from a warm cache; a busy or spinning disk gives some 100 MB/s. */
  storedBytesPerSecond: 100_000_000,
  /** Deflate at its default level passes 20 to 25 MB/s on one core. */
  deflatedBytesPerSecond: 20_000_000,
} as const;

export interface PreparationSize {
  /** Included assets. */
  assets: number;
  /** Known bytes of the entries. */
  contentSize: number;
  entriesToRender: number;
}

/** Seconds until the archive is ready, from a worker that is free. */
export function estimateSeconds(
  { contentSize, entriesToRender }: PreparationSize,
  { format, compression }: Pick<DownloadRequest, 'format' | 'compression'>,
): number {
  const deflated = format === 'tar.gz' || (format === 'zip' && compression === 'deflate');
  const rate = deflated ? preparationRates.deflatedBytesPerSecond : preparationRates.storedBytesPerSecond;
  return entriesToRender * preparationRates.secondsPerRender + contentSize / rate;
}

/** Rule 10: whether a download has to run in the background. Exactly at a limit it does not. */
export function needsBackground(
  size: PreparationSize,
  request: Pick<DownloadRequest, 'format' | 'compression'>,
  limits: VisibilityConfiguration['background'],
): boolean {
  return (
    size.assets > limits.maxAssets ||
    size.contentSize > limits.maxBytes ||
    estimateSeconds(size, request) > limits.maxSeconds
  );
}
