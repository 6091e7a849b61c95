/** The HTTP API of rentalsync: every route of its OpenAPI document, as `schema.d.ts` has it. */

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

/** The bodies that go out and come in, by name. */
export type Schemas = components["schemas"];

/**
 * A client of the server at that address. Who presents no token gets calendars and health alone.
 *
 * @param url where `rentalsync serve` is reached, without a path
 * @param token one of `rentalsync token create`, or a user's JWT for the channel connections
 */
export function rentalsync(url: string, token?: string): Client<paths> {
  return createClient<paths>({ baseUrl: url, headers: token ? { Authorization: `Bearer ${token}` } : {} });
}
