import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

/** A static single-page build: the api serves it and answers unknown paths with `index.html`. */
export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      // The api sends the Content-Security-Policy, with the hashes of the page's inline scripts.
      adapter: adapter({ fallback: 'index.html', precompress: true }),
    }),
  ],
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/d/': 'http://127.0.0.1:8080' } },
});
