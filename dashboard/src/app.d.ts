/// <reference types="@sveltejs/kit" />

declare global {
  namespace App {
    interface PageState {
      /** The draft of the request whose dialog is open. */
      request?: string;
    }
  }
}

export {};
