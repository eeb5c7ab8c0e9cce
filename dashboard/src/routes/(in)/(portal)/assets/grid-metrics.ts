/** Pixels: what a card takes besides its picture, and the room between cards. */
const captionHeight = 64;
const gap = 16;
const smallestCard = 168;

export interface GridMetrics {
  columns: number;
  /** Pixels of one row with the gap below it. */
  rowHeight: number;
  gap: number;
}

/** How the cards are laid out in a width of so many pixels: never fewer than two columns. */
export function gridMetrics(width: number): GridMetrics {
  const columns = Math.max(2, Math.floor((width + gap) / (smallestCard + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  return { columns, rowHeight: Math.round(cardWidth * 0.75) + captionHeight + gap, gap };
}
