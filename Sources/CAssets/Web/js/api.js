// The public API of the server that sent this page, and no other host.

/** A refusal in the API's own words: what is wrong, and what to do about it. */
export class ApiError extends Error {
  constructor(status, code, message, remedy) {
    super(message);
    Object.assign(this, { status, code, remedy });
  }
}

/** How far this machine's clock is ahead of the server's, in milliseconds; the server's `Date` is cut to a second. */
let clockSkew = 0;

/** The server's time, so that a run that began there lasts as long here. */
export const serverNow = () => Date.now() - clockSkew;

const request = async (path, options = {}) => {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The server does not answer.", "Is mlstack up still running? This page goes on trying by itself.");
  }
  const date = Date.parse(response.headers.get("date") ?? "");
  if (!Number.isNaN(date)) {
    const ahead = Date.now() - date;
    // Under two seconds it's the cut-off fraction and the way here, not a wrong clock.
    clockSkew = Math.abs(ahead) < 2000 ? 0 : ahead;
  }
  if (response.ok) return response;
  let body = null;
  try {
    body = (await response.json()).error;
  } catch {
    // Not of this API's form (a proxy's page, say): the status has to do.
  }
  throw new ApiError(
    response.status,
    body?.code ?? "http",
    body?.message ?? `The server answered ${response.status} to ${path.split("?")[0]}.`,
    body?.remedy ?? "Look at what mlstack up prints in its terminal.",
  );
};

export const getJSON = async (path, signal) => (await request(path, { signal })).json();

export const post = async (path, body = {}) =>
  (await request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();

/** A response whose text arrives as it is written. */
export const stream = (path, signal) => request(path, { signal });

const root = "/api/v1";
const part = encodeURIComponent;

export const paths = {
  events: `${root}/events`,
  replay: `${root}/replay`,
  quality: `${root}/quality`,
  serving: `${root}/serving`,
  reload: `${root}/serving/reload`,
  models: `${root}/models`,
  model: (name) => `${root}/models/${part(name)}`,
  pipelines: `${root}/pipelines`,
  pipeline: (id) => `${root}/pipelines/${part(id)}`,
  runs: (id) => `${root}/pipelines/${part(id)}/runs`,
  run: (pipeline, run) => `${root}/pipelines/${part(pipeline)}/runs/${part(run)}`,
  log: (pipeline, run, task, attempt, follow) =>
    `${root}/pipelines/${part(pipeline)}/runs/${part(run)}/tasks/${part(task)}/logs?attempt=${attempt}${follow ? "&follow=true" : ""}`,
  users: (limit, query) => `${root}/users?limit=${limit}${query ? `&query=${part(query)}` : ""}`,
  user: (id, limit) => `${root}/users/${part(id)}?limit=${limit}`,
  recommendations: (user, k) => `${root}/recommendations/${part(user).replaceAll("'", "%27")}?k=${k}`,
};
