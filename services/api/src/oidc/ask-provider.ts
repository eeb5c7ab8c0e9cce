import { AppError } from '@sheaf/domain/app-error';
import type { Claims } from './claim-values.ts';

const patienceMs = 10_000;
const largestAnswer = 1_000_000;

/**
 * Asks the identity provider for a JSON object. Throws `service.unavailable` where it cannot be reached, takes too long or
 * is out of order, and `internal` where it refuses, sends us elsewhere or answers with something else.
 */
export async function askProvider(url: string, init: RequestInit): Promise<Claims> {
  const { status, text } = await answerOf(url, init);
  if (status >= 500 || status === 429) throw unavailable(new Error(`${status} from ${url}`));
  const answer = status === 200 && text.length <= largestAnswer ? parsed(text) : undefined;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new AppError('internal', 'The identity provider gave another answer than expected.', {
      detail: { url, status, error: (parsed(text) as { error?: unknown } | undefined)?.error },
    });
  }
  return answer as Claims;
}

async function answerOf(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'application/json', ...init.headers },
      signal: AbortSignal.timeout(patienceMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw unavailable(cause);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError('service.unavailable', 'The identity provider cannot be reached.', { retryable: true, cause });
}
