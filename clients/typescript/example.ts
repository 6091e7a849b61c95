/** Who arrives next at each listing: `node built/example.js URL TOKEN` after `npm run build`. */

import { rentalsync } from "./client.js";

const [url = "http://127.0.0.1:8000", token] = process.argv.slice(2);
const api = rentalsync(url, token);

const { data, error } = await api.GET("/api/listings", { params: { query: { enabled: true } } });
if (error) {
  throw new Error(error.error);
}
for (const { id, name } of data.listings) {
  const params = { path: { id }, query: { status: "confirmed" } } as const;
  const next = (await api.GET("/api/listings/{id}/bookings", { params })).data?.bookings[0];
  console.log(`${name}: ${next ? `${next.guest_name ?? "a guest"} on ${next.check_in_date}` : "nobody"}`);
}
