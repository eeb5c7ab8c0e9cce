/// <reference types="@sveltejs/kit" />

declare global {
  namespace App {
    interface PageState {
      /** The draft of the request whose dialog is open. */
      request?: string;
      /** The download that was just asked for. */
      requested?: string;
    }
  }
}

export {};
