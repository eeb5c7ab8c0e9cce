/** Whether screens change by themselves: a person who reads, or records a screen, may pause that. */
class LiveUpdates {
  paused = $state(sessionStorage.getItem('live-updates') === 'paused');

  toggle(): void {
    this.paused = !this.paused;
    sessionStorage.setItem('live-updates', this.paused ? 'paused' : 'on');
  }

  /** For `refetchInterval`: none while paused. Queries stop by themselves while the tab is hidden. */
  every(milliseconds: number): number | false {
    return this.paused ? false : milliseconds;
  }
}

export const liveUpdates = new LiveUpdates();
