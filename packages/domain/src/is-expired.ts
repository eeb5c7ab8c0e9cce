/** Whether an asset or licence with this end has reached it. The instant of the end itself counts as expired. */
export function isExpired(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && expiresAt.getTime() <= now.getTime();
}
