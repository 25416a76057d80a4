import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// For `vite` on its own: the page comes from Vite, everything else from a running gateway.
const gateway = process.env.RESONANCE_GATEWAY_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    // The gateway's policy is `default-src 'self'`, which `data:` addresses are not.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/ws": { target: gateway, ws: true },
      "^/resonance\\.": { target: gateway },
    },
  },
});
