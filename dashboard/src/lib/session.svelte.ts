import type { MeJson } from '@sheaf/contract/me';

/** Who is signed in here, and whether the server still thinks so. */
class Session {
  me = $state.raw<MeJson>();
  /** The session ended under somebody who is at work: the sign-in dialog stands over the page. */
  expired = $state(false);
  #waiting: ((renewed: true) => void)[] = [];

  /** Resolves to true once the same person is signed in again, and to false at once where nobody was. */
  renewal(): Promise<boolean> {
    if (!this.me) return Promise.resolve(false);
    this.expired = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets what waited go on. */
  renewed(): void {
    this.expired = false;
    for (const resolve of this.#waiting.splice(0)) resolve(true);
  }
}

export const session = new Session();

/** The person who is signed in. Below the signed-in layout there always is one. */
export function me(): MeJson {
  if (!session.me) throw new Error('Nobody is signed in.');
  return session.me;
}

/** Whether the administrators' screens are for this person at all: auditors read them and change nothing. Contributors add assets. */
export const mayAdminister = (role: string): boolean => role === 'administrator';
export const mayAddAssets = ({ maxUploadBytes }: MeJson): boolean => maxUploadBytes !== null;
export const mayReadAdmin = (role: string): boolean => mayAdminister(role) || role === 'auditor';
