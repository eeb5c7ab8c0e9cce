/** Whether the server could be reached at the last attempt. */
class Connection {
  lost = $state(false);
  #lostAt = 0;

  lose(): void {
    this.lost = true;
    this.#lostAt = performance.now();
  }

  /** An answer came to what was asked at `askedAt`. One that was on its way when the connection was lost proves nothing. */
  found(askedAt: number): void {
    if (askedAt >= this.#lostAt) this.lost = false;
  }
}

export const connection = new Connection();
