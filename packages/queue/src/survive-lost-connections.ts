import pg from 'pg';

const { emit } = pg.Client.prototype;

/**
 * BullMQ does not listen for errors of a connection to PostgreSQL while it opens a queue, nor once it closes one. A
 * connection that is lost meanwhile would end the process; the statement that waits for it fails in any case. Importing this
 * changes every pg client of the process.
 */
pg.Client.prototype.emit = function (this: pg.Client, event: string | symbol, ...values: unknown[]): boolean {
  if (event === 'error' && this.listenerCount('error') === 0) return false;
  return emit.call(this, event, ...values);
};
