/** Everything is behind a sign-in and live: there is nothing to render on a server. */
export const ssr = false;
