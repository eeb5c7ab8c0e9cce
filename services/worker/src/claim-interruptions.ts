/** The claim no longer holds: another worker has the download now, or it was ended. Whatever is written is void. */
export class ClaimLost extends Error {
  constructor() {
    super('The claim on the download no longer holds.');
    this.name = 'ClaimLost';
  }
}

/** Somebody asked for the download to be cancelled. */
export class CancelRequested extends Error {
  constructor() {
    super('The download is to be cancelled.');
    this.name = 'CancelRequested';
  }
}
