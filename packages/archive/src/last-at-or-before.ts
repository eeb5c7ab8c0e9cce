/** The index of the last of the ascending offsets that is at most `position`; 0 where none is. */
export function lastAtOrBefore(offsets: ArrayLike<number>, position: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsets[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
