import { AppError } from '@sheaf/domain/app-error';

/** Longest that one thing may take to answer. */
const patienceMs = 3_000;

/** What `answer` gives; throws `service.unavailable` when that takes longer than whoever asks can wait. */
export async function withinPatience<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('service.unavailable', 'No answer in time.')), patienceMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
