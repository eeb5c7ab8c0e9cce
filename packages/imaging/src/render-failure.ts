import { AppError } from '@sheaf/domain/app-error';

/**
 * Why a picture could not be rendered: it needed more than the memory or time it may have, its bytes cannot be read as
 * a picture, the rendition would be too large, or the process that rendered it ended.
 */
export type RenderFailureCause = 'memory' | 'time' | 'unreadable' | 'size' | 'crash';

/** `render.failed` with its cause in `detail.cause`. Only a crash may have had reasons that pass. */
export function renderFailure(cause: RenderFailureCause, message: string, error?: unknown): AppError {
  return new AppError('render.failed', message, {
    detail: { cause, ...(error instanceof Error ? { reason: error.message.trim() } : {}) },
    retryable: cause === 'crash',
    cause: error,
  });
}
