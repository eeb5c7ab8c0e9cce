/** Enough to keep a disk busy that has to make each small file safe. */
const atOnce = 16;

/** What `work` makes of each item, in their order, several at a time. */
export async function* severalAtOnce<T, R>(items: AsyncIterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < atOnce) continue;
    yield* await Promise.all(batch.map(work));
    batch = [];
  }
  yield* await Promise.all(batch.map(work));
}
